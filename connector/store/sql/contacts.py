"""Contacts in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Text, bindparam, delete, literal_column, select

from connector.domain.contact import Contact
from connector.store.sql.holds import Holds
from connector.store.sql.keys import KEYS, json_of
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import scalars, structs, upsert
from connector.store.sql.tables.contacts import contacts as table

BY_PERSON = structs(Contact, select(table).where(table.c.person == bindparam("key")))
_NAME = scalars(select(table.c.name).where(table.c.person == bindparam("key")))
_BRIEF = [table.c[name] for name in Contact.__struct_fields__ if name != "notes"]
_WORDS = ("word1", "word2", "word3", "word4")
FOUND = structs(
    Contact,
    select(*_BRIEF, literal_column("''").label("notes"))
    .where(
        *(Holds(table.c.found_by, bindparam(word, type_=Text)) for word in _WORDS),
        Holds(table.c.person, bindparam("digits", type_=Text)),
    )
    .order_by(table.c.found_by, table.c.person)
    .limit(bindparam("limit")),
)
AFTER = structs(
    Contact,
    select(table).where(table.c.person > bindparam("after")).order_by(table.c.person).limit(bindparam("limit")),
)
AMONG = structs(Contact, select(table).join(KEYS, table.c.person == KEYS.c.value))
_SAVE = upsert(table, "person")
_REMOVE = delete(table).where(table.c.person == bindparam("key"))


def found(session: SqlSession, words: Sequence[str], digits: str, limit: int) -> list[Contact]:
    """See `ports.Reading.contacts_found`. Every text has an empty one in it."""
    beginnings = [f" {word}" for word in words] + [""] * (len(_WORDS) - len(words))
    return session.all(FOUND, {**dict(zip(_WORDS, beginnings, strict=True)), "digits": digits, "limit": limit})


def among(session: SqlSession, persons: Collection[str]) -> dict[str, Contact]:
    """See `ports.Reading.contacts_among`."""
    return {one.person: one for one in session.all(AMONG, {"keys": json_of(persons)})}


class SqlContacts:
    def __init__(self, session: WriteSession) -> None:
        self._session = session
        self._names = session.cache.names

    def get(self, person: str) -> Contact | None:
        return self._session.first(BY_PERSON, {"key": person})

    def name_of(self, person: str) -> str:
        if person not in self._names:
            self._names.keep(person, self._session.first(_NAME, {"key": person}) or "")
        return self._names[person]

    def save(self, contact: Contact) -> None:
        self._session.execute(_SAVE, contact)
        self._names.pop(contact.person, None)

    def remove(self, person: str) -> bool:
        self._names.pop(person, None)
        return self._session.execute(_REMOVE, {"key": person}) > 0
