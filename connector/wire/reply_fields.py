"""The fields of a saved reply: `{name}` in its text stands for the consumer's name.

`{name|there}` has a default, for a consumer whose name is not known; `{{` is a brace. A text is filled before it is
measured, on either side of the wire, so that what is counted is what is sent. What has no value and no default stays in
the text as it is written, and a text with such a gap is not to be sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from connector.sms.names import first_name
from connector.sms.text import written

FIELDS: dict[str, str] = {
    "name": "the consumer's name",
    "first_name": "the first word of it",
    "agent": "the name of the agent who sends it",
    "number": "the consumer's number",
    "line": "our number",
    "answer_by": "when an answer is due, such as 3:30 pm today",
}
"""By name, what each stands for."""

# Of each, a value as long as there may be, for a warning before a text is too long for some consumers.
_LONGEST = {"name": 40, "first_name": 20, "agent": 30, "number": 20, "line": 16, "answer_by": 32}
_PART = re.compile(r"\{\{|\{(?P<name>[^{}|]*)(?:\|(?P<default>[^{}]*))?\}|\{")
_GAP = re.compile(rf"\{{(?:{'|'.join(FIELDS)})\}}")


class Filled(NamedTuple):
    """A text with its fields filled. `gaps`: start and end of those that have no value."""

    text: str
    gaps: tuple[tuple[int, int], ...] = ()


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Values may hold braces: they are put in as they are, and not looked at again."""
    parts: list[str] = []
    gaps: list[tuple[int, int]] = []
    length = end = 0
    for found in _PART.finditer(text):
        name = _name(found)
        gap = ""
        if name is None:
            part = "{"
        else:
            part = values.get(name, "") or (found["default"] or "")
            if not part and found["default"] is None:
                part = gap = f"{{{name}}}"
        before = text[end : found.start()]
        length += len(before)
        if gap:
            gaps.append((length, length + len(gap)))
        parts += (before, part)
        length += len(part)
        end = found.end()
    return Filled("".join((*parts, text[end:])), tuple(gaps))


def between(before: str, filled: Filled, after: str) -> Filled:
    """A text as it is put between others: a blank keeps it from words and sentences that it would run into."""
    start = " " if before and not before[-1].isspace() and before[-1] not in "([{\"'" else ""
    end = " " if after[:1].isalnum() and filled.text and not filled.text[-1].isspace() else ""
    gaps = tuple((at + len(start), to + len(start)) for at, to in filled.gaps)
    return Filled(f"{start}{filled.text}{end}", gaps)


def values_for(*, name: str, agent: str, number: str, line: str, answer_by: str) -> dict[str, str]:
    """The values of all fields; empty: there is none. Each is of one line."""
    given = {"name": name, "agent": agent, "number": number, "line": line, "answer_by": answer_by}
    clean = {field: " ".join(written(value, keep_newlines=False).split()) for field, value in given.items()}
    return clean | {"first_name": first_name(clean["name"])}


def gap_in(text: str) -> tuple[int, int] | None:
    """Start and end of the first field in a text that is about to be sent."""
    found = _GAP.search(text)
    return None if found is None else found.span()


def flaw(text: str) -> str | None:
    """Why a text cannot be a saved reply's, as far as its fields go."""
    for found in _PART.finditer(text):
        name = _name(found)
        if name is None and found[0] == "{":
            return "A { begins a field, and } ends it; {{ is a brace."
        if name is not None and name not in FIELDS:
            from connector.base.alike import meant  # seldom needed

            alike = meant(name, FIELDS)
            known = ", ".join(f"{{{one}}}" for one in FIELDS)
            ending = f": did you mean {{{alike}}}?" if alike else f". There are {known}; {{{{ is a brace."
            return f"There is no field {{{name[:20]}}}{ending}"
    if (gap := gap_in(filled := shortest(text))) is not None:
        return f"{filled[slice(*gap)]} behind a brace would read like a field that was not filled."
    return None


def escaped(text: str) -> str:
    """What an agent has written, as the text of a saved reply."""
    return text.replace("{", "{{")


def shortest(text: str) -> str:
    """The text as it is for a consumer with the shortest values."""
    return fill(text, dict.fromkeys(FIELDS, "x")).text


def longest(text: str) -> str:
    """The text as it may be for a consumer with long values."""
    return fill(text, {name: "x" * length for name, length in _LONGEST.items()}).text


def _name(found: re.Match[str]) -> str | None:
    """The field that a part of a text is; None: it is none."""
    return None if found["name"] is None else found["name"].strip().lower()
