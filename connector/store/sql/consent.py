"""The consent ledger in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, desc, insert, select, union_all

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.store.sql.conversations import OPEN_OR_CLOSED_SINCE
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables import consent, conversations

_APPEND = insert(consent)
_LATEST = structs(
    ConsentEntry,
    select(consent)
    .where(consent.c.consumer == bindparam("consumer"))
    .order_by(desc(consent.c.at), desc(consent.c.id))
    .limit(1),
)
# By conversation, not by entry: the ledger grows for ever.
_shown = union_all(
    *(select(conversations.c.consumer).where(condition) for condition in OPEN_OR_CLOSED_SINCE)
).subquery()
_latest_kind = (
    select(consent.c.kind)
    .where(consent.c.consumer == _shown.c.consumer)
    .order_by(desc(consent.c.at), desc(consent.c.id))
    .limit(1)
    .scalar_subquery()
)
OPTED_OUT_SINCE = scalars(select(_shown.c.consumer).where(_latest_kind == ConsentKind.OPTED_OUT).distinct())


class SqlConsent:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._cache = session.cache.consent

    def append(self, entry: ConsentEntry) -> None:
        self._session.execute(_APPEND, entry)
        self._cache.pop(entry.consumer, None)

    def latest(self, consumer: str) -> ConsentEntry | None:
        if consumer not in self._cache:
            self._cache.keep(consumer, self._session.first(_LATEST, {"consumer": consumer}))
        return self._cache[consumer]
