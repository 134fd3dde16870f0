"""Imports of contacts in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, and_, bindparam, case, delete, exists, false, func, or_, select, true

from connector.store.contact_imports import DROPPED, ContactImport, StagedContact, StagedCounts
from connector.store.sql.columns import Identifier
from connector.store.sql.keys import KEYS, json_of
from connector.store.sql.session import SqlSession, WriteSession
from connector.store.sql.statements import PerDialect, insert_or_ignore, scalars, structs, tuples, upsert
from connector.store.sql.tables.contacts import contact_imports as imports
from connector.store.sql.tables.contacts import contacts, staged_contacts
from connector.store.sql.tables.conversations import IS_CLOSED, IS_OPEN, conversations

_row = staged_contacts.c
_is_of = _row.import_id == bindparam("of_import")
_GET = structs(ContactImport, select(imports).where(imports.c.id == bindparam("key")))
_SAVE = upsert(imports, "id")
_REMOVE = delete(imports).where(imports.c.id == bindparam("key"))
_FIRST_APPLIED = structs(
    ContactImport, select(imports).where(imports.c.applied_at.is_not(None)).order_by(imports.c.id).limit(1)
)
_ABANDONED = structs(
    ContactImport, select(imports).where(imports.c.applied_at.is_(None), imports.c.at < bindparam("before")).limit(1)
)
_STAGE = insert_or_ignore(staged_contacts, "import_id", "person")
_is_new = and_(_row.is_changed, _row.based_on == "")


def _number(condition: object) -> object:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)  # type: ignore[arg-type]


_COUNTS = tuples(
    select(
        _number(_row.is_wrong == false()).label("right_ones"),  # type: ignore[attr-defined]
        _number(_row.is_wrong == true()).label("wrong_ones"),  # type: ignore[attr-defined]
        _number(_is_new).label("new_ones"),  # type: ignore[attr-defined]
        _number(_row.is_changed == true()).label("changed_ones"),  # type: ignore[attr-defined]
    ).where(_is_of)
)
_OUTDATED = scalars(
    select(func.count().label("number"))
    .select_from(staged_contacts.outerjoin(contacts, contacts.c.person == _row.person))
    .where(_is_of, _row.is_changed == true(), func.coalesce(contacts.c.version, "") != _row.based_on)
)
_CONTENT = ("consumer", "name", "language", "attributes", "notes", "found_by")
_applied = select(
    _row.person,
    bindparam("version", type_=Identifier),
    bindparam("at", type_=BigInteger),
    bindparam("by", type_=Identifier),
    *(_row[name] for name in _CONTENT),
).where(_is_of, _row.is_changed == true())
_COLUMNS = ("person", "version", "changed_at", "changed_by", *_CONTENT)
_APPLY = PerDialect(
    contacts,
    lambda insert: (made := insert.from_select(_COLUMNS, _applied)).on_conflict_do_update(
        index_elements=["person"], set_={name: made.excluded[name] for name in _COLUMNS[1:]}
    ),
)
_NEXT = scalars(select(_row.person).where(_is_of).order_by(_row.person).limit(bindparam("limit")))
_has_conversation = [exists().where(conversations.c.person == _row.person, each) for each in (IS_OPEN, IS_CLOSED)]
_CHANGED = scalars(
    select(_row.person)
    .where(_is_of, _row.person <= bindparam("until"), _row.is_changed == true(), or_(*_has_conversation))
    .order_by(_row.person)
)
_REMOVE_UNTIL = delete(staged_contacts).where(_is_of, _row.person <= bindparam("until"))
_REMOVE_PERSON = delete(staged_contacts).where(_row.person == bindparam("key"))
# A look-up for each key: a join would go through all lines of the import for each.
_line = select(_row.line).where(_is_of, _row.person == KEYS.c.value).correlate(KEYS).scalar_subquery()
LINES = tuples(select(KEYS.c.value, _line.label("line")))


def lines_of(session: SqlSession, import_id: str, persons: Collection[str]) -> dict[str, int]:
    """See `ports.Reading.staged_lines`."""
    found = session.all(LINES, {"of_import": import_id, "keys": json_of(persons)})
    return {person: line for person, line in found if line is not None}


class SqlContactImports:
    """See `store.contact_imports.ContactImports`."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def get(self, import_id: str) -> ContactImport | None:
        return self._session.first(_GET, {"key": import_id})

    def save(self, one: ContactImport) -> None:
        self._session.execute(_SAVE, one)
        self._session.has_ended_import |= one.applied_at is not None or one.at == DROPPED

    def stage(self, rows: Sequence[StagedContact]) -> None:
        if rows:
            self._session.execute_many(_STAGE, rows)

    def counts(self, import_id: str) -> StagedCounts:
        [(right, wrong, new, changed)] = self._session.all(_COUNTS, {"of_import": import_id})
        return StagedCounts(right, wrong, new, changed - new)

    def outdated(self, import_id: str) -> int:
        return int(self._session.one(_OUTDATED, {"of_import": import_id}))

    def apply(self, import_id: str, version: str, at: int, by: str) -> None:
        self._session.execute(_APPLY, {"of_import": import_id, "version": version, "at": at, "by": by})
        self._session.cache.names.clear()

    def first_applied(self) -> ContactImport | None:
        return self._session.first(_FIRST_APPLIED, {})

    def next_persons(self, import_id: str, limit: int) -> list[str]:
        return self._session.all(_NEXT, {"of_import": import_id, "limit": limit})

    def changed_among(self, import_id: str, until: str) -> list[str]:
        return self._session.all(_CHANGED, {"of_import": import_id, "until": until})

    def remove_until(self, import_id: str, until: str) -> None:
        self._session.execute(_REMOVE_UNTIL, {"of_import": import_id, "until": until})

    def remove(self, import_id: str) -> None:
        self._session.execute(_REMOVE, {"key": import_id})

    def remove_person(self, person: str) -> int:
        return self._session.execute(_REMOVE_PERSON, {"key": person})

    def abandoned(self, before: int) -> ContactImport | None:
        return self._session.first(_ABANDONED, {"before": before})
