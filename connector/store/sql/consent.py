"""The consent ledger in SQL."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, desc, exists, insert, or_, select

from connector.domain.consent import ConsentEntry, ConsentKind
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, structs
from connector.store.sql.tables import consent

_APPEND = insert(consent)
_LATEST = structs(
    ConsentEntry,
    select(consent)
    .where(consent.c.consumer == bindparam("consumer"))
    .order_by(desc(consent.c.at), desc(consent.c.id))
    .limit(1),
)
_entry, _later = consent.alias("entry"), consent.alias("later")
_is_latest = ~exists().where(
    _later.c.consumer == _entry.c.consumer,
    or_(_later.c.at > _entry.c.at, and_(_later.c.at == _entry.c.at, _later.c.id > _entry.c.id)),
)
OPTED_OUT = scalars(select(_entry.c.consumer).where(_entry.c.kind == ConsentKind.OPTED_OUT, _is_latest))


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
