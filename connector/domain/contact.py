"""What agents have recorded of a person: their name, language, attributes and notes."""

from __future__ import annotations

from msgspec import Struct


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
