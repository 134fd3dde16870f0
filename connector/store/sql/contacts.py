"""Contacts in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from connector.domain.contact import Contact
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import scalars, structs, upsert
from connector.store.sql.tables.contacts import contacts as table

BY_PERSON = structs(Contact, select(table).where(table.c.person == bindparam("key")))
_NAME = scalars(select(table.c.name).where(table.c.person == bindparam("key")))
_SAVE = upsert(table, "person")
_REMOVE = delete(table).where(table.c.person == bindparam("key"))


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
