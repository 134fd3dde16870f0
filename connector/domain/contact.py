"""What agents have recorded of a person: their name, language, attributes and notes; and what it has to be like."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.sms.folding import folded
from connector.sms.storable import storable
from connector.sms.text import is_blank, written
from connector.wire import limits
from connector.wire.languages import tag_of

RESERVED = ("number", "name", "language", "notes")
"""Names that no attribute has: those of the other columns of a file of contacts."""
_LONGEST_SHOWN = 40


class Contact(Struct, frozen=True):
    """At most one of a person, whatever their addresses."""

    person: str
    consumer: str  # the address that it was recorded for last
    version: str  # an id of ours, new with each change
    changed_at: int
    changed_by: str  # the agent
    name: str = ""
    language: str = ""  # a language tag, such as `de` or `pt-BR`
    attributes: tuple[tuple[str, str], ...] = ()  # names and values, in the order in which they are shown
    notes: str = ""
    found_by: str = ""  # their name, as `sms.folding` folds it

    @property
    def content(self) -> tuple[str, str, tuple[tuple[str, str], ...], str]:
        """What people have recorded."""
        return self.name, self.language, self.attributes, self.notes


class BadContact(Exception):
    """What cannot be recorded, and why, in a sentence. `limit` and `length`: where it is too long."""

    def __init__(self, words: str, limit: int = 0, length: int = 0) -> None:
        super().__init__(words)
        self.limit = limit
        self.length = length


def found_by(name: str) -> str:
    return folded(name)


def clean_name(text: str) -> str:
    """The name as it is stored. Raises BadContact."""
    return _at_most("A name", _line(text), limits.CONTACT_NAME_LENGTH)


def clean_notes(text: str) -> str:
    """Raises BadContact."""
    kept = "\n".join(line.rstrip() for line in written(storable(text)).split("\n")).strip("\n")
    return _at_most("Notes", "" if is_blank(kept) else kept, limits.CONTACT_NOTES_LENGTH)


def clean_language(text: str) -> str:
    """The tag. Raises BadContact."""
    line = _line(text)
    if not line:
        return ""
    tag = tag_of(line)
    if tag is None or len(tag) > limits.LANGUAGE_LENGTH:
        words = f"{line[:_LONGEST_SHOWN]} is no language: write its code, such as de, en or pt-BR, or its name."
        raise BadContact(words)
    return tag


def clean_attributes(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Without those that have no value. Raises BadContact."""
    found: dict[str, tuple[str, str]] = {}
    for raw_name, raw_value in pairs:
        name, value = _line(raw_name), _line(raw_value)
        if not value:
            continue
        if not name:
            raise BadContact(f"An attribute has a name: {value[:_LONGEST_SHOWN]} has none.")
        _at_most("The name of an attribute", name, limits.ATTRIBUTE_NAME_LENGTH)
        _at_most(f"The value of {name}", value, limits.ATTRIBUTE_VALUE_LENGTH)
        if name.casefold() in RESERVED:
            raise BadContact(f"{name} is no name of an attribute: each contact has one of its own.")
        if name.casefold() in found:
            raise BadContact(f"The attribute {name} is there twice.")
        found[name.casefold()] = (name, value)
    if len(found) > limits.ATTRIBUTE_COUNT:
        words = f"A contact has at most {limits.ATTRIBUTE_COUNT} attributes; these are {len(found)}."
        raise BadContact(words, limits.ATTRIBUTE_COUNT, len(found))
    return tuple(found.values())


def _line(text: str) -> str:
    line = " ".join(written(storable(text), keep_newlines=False).split())
    return "" if is_blank(line) else line


def _at_most(what: str, text: str, most: int) -> str:
    if len(text) > most:
        verb = "have" if what == "Notes" else "has"
        words = f"{what} {verb} at most {most:,} characters; {'these have' if verb == 'have' else 'this one has'}"
        raise BadContact(f"{words} {len(text):,}.", most, len(text))
    return text
