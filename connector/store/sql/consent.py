"""The consent ledger and the likely opt-outs in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, desc, insert, or_, select, update

from connector.domain.consent.entries import ConsentEntry, LikelyOptOut
from connector.domain.pseudonyms import Pseudonyms
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import structs, upsert
from connector.store.sql.tables.consent import consent, likely_opt_outs

_APPEND = insert(consent)
LATEST = structs(
    ConsentEntry,
    select(consent).where(consent.c.person == bindparam("person")).order_by(desc(consent.c.id)).limit(1),
)
# Ids are in the order of storing, whichever of the two keys an entry is under.
_LATEST_OF = structs(
    ConsentEntry,
    select(consent)
    .where(or_(consent.c.person == bindparam("person"), consent.c.person == bindparam("pseudonym")))
    .order_by(desc(consent.c.id))
    .limit(1),
)
_PSEUDONYMISE = (
    update(consent)
    .where(consent.c.person == bindparam("of_person"))
    .values(person=bindparam("pseudonym"), consumer=bindparam("pseudonym"), evidence="", message_id=None)
)
_RECOGNISE = (
    update(consent)
    .where(consent.c.person == bindparam("pseudonym"))
    .values(person=bindparam("to_person"), consumer=bindparam("to_consumer"))
)
_SET_LIKELY = upsert(likely_opt_outs, "person")
_REMOVE_LIKELY = delete(likely_opt_outs).where(likely_opt_outs.c.person == bindparam("key"))
LIKELY = structs(LikelyOptOut, select(likely_opt_outs).where(likely_opt_outs.c.person == bindparam("person")))
LIKELY_FIRST = structs(
    LikelyOptOut,
    select(likely_opt_outs).order_by(likely_opt_outs.c.at, likely_opt_outs.c.person).limit(bindparam("limit")),
)


class SqlConsent:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._latest = session.cache.consent
        self._likely = session.cache.likely_opt_outs

    def append(self, entry: ConsentEntry) -> None:
        self._session.execute(_APPEND, entry)
        self._latest.pop(entry.person, None)

    def latest(self, person: str, pseudonyms: Pseudonyms) -> ConsentEntry | None:
        if person not in self._latest:
            keys = {"person": person, "pseudonym": pseudonyms.of(person)}
            self._latest.keep(person, self._session.first(_LATEST_OF, keys))
        return self._latest[person]

    def pseudonymise(self, person: str, pseudonym: str) -> int:
        self._latest.pop(person, None)
        return self._session.execute(_PSEUDONYMISE, {"of_person": person, "pseudonym": pseudonym})

    def recognise(self, pseudonym: str, person: str, consumer: str) -> None:
        self._latest.pop(person, None)
        values = {"pseudonym": pseudonym, "to_person": person, "to_consumer": consumer}
        self._session.execute(_RECOGNISE, values)

    def set_likely(self, likely: LikelyOptOut) -> None:
        self._session.execute(_SET_LIKELY, likely)
        self._likely.pop(likely.person, None)

    def remove_likely(self, person: str) -> None:
        self._session.execute(_REMOVE_LIKELY, {"key": person})
        self._likely.pop(person, None)

    def likely(self, person: str) -> LikelyOptOut | None:
        if person not in self._likely:
            self._likely.keep(person, self._session.first(LIKELY, {"person": person}))
        return self._likely[person]
