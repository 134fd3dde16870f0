"""The store's port for importing contacts: the lines of a file are staged page by page, and applied at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

DROPPED = 0
"""`at` of an import that is not to be applied."""


class ContactImport(Struct, frozen=True):
    """An import that is under way."""

    id: str
    agent: str
    at: int  # when its first line was staged
    applied_at: int | None = None


class StagedContact(Struct, frozen=True, kw_only=True):
    """What a line of a file makes of a contact. Of one that is wrong there is only whose it is."""

    import_id: str
    person: str
    line: int
    is_wrong: bool = False
    is_changed: bool = False  # it makes another contact of the one there is
    based_on: str = ""  # version of that one; empty: there was none
    consumer: str = ""
    name: str = ""
    language: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    found_by: str = ""


class StagedCounts(NamedTuple):
    """How many lines of an import there are, by what they are."""

    right: int
    wrong: int
    added: int
    changed: int


class ContactImports(Protocol):
    def get(self, import_id: str) -> ContactImport | None: ...

    def save(self, one: ContactImport) -> None:
        """Insert or replace by id."""

    def stage(self, rows: Sequence[StagedContact]) -> None:
        """Add lines, but for those of persons that the import has."""

    def counts(self, import_id: str) -> StagedCounts: ...

    def outdated(self, import_id: str) -> int:
        """How many lines are not based on the contact that there is by now."""
        ...

    def apply(self, import_id: str, version: str, at: int, by: str) -> None:
        """Store what the right lines make of contacts, by one statement."""

    def first_applied(self) -> ContactImport | None:
        """One that is applied, and of whose persons the conversations have not all followed."""
        ...

    def next_persons(self, import_id: str, limit: int) -> list[str]:
        """The first persons of its lines, in order."""

    def changed_among(self, import_id: str, until: str) -> list[str]:
        """Persons up to this one of whom it has changed the contact, and who have a conversation."""

    def remove_until(self, import_id: str, until: str) -> None:
        """Remove its lines of persons up to this one."""

    def remove(self, import_id: str) -> None:
        """Remove the import, of which no line is left."""

    def remove_person(self, person: str) -> int:
        """Remove all lines of this person; how many there were."""
        ...

    def abandoned(self, before: int) -> ContactImport | None:
        """One that was begun before this moment, and never applied."""
        ...
