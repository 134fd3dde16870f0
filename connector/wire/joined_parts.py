"""Joins the parts of a longer text, where a provider delivers its segments one by one. For display only.

Desk and shell show transcripts by the same rule.

By 3GPP TS 23.040 section 9.2.3.24.1 every segment carries a reference, a total and a number. References are used again
(after 256 texts, or at once by simple senders), so a new text begins when a number arrives again with other words, or
after a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import asdict

from connector.wire.views import MessageView, PartView

LATE_MS = 24 * 3_600_000
"""How long after its first part a text still accepts a missing one."""
AGAIN_MS = 15 * 60_000
"""How long after its first part an equal part is a repetition, not a new text of the same words."""

_MOST_PARTS = 255
_CUT = "\ufffd"  # stands for half a character
_CHARSETS = ("utf-8", "utf-16-be")
_Key = tuple[str, str, int, int, bool]


class JoinedMessage(MessageView, frozen=True):
    """One longer text, in the place of the first of its parts."""

    runs: tuple[str | int, ...] = ()  # its words in order; a number stands for a missing part
    numbers: int = 0  # how many different parts are here
    total: int = 0
    repeats: int = 0  # parts left out as repetitions
    part_ids: tuple[str, ...] = ()  # the messages that are joined here, in the order of their words


class _JoinedText:
    """A text whose parts are being collected."""

    def __init__(self, first: MessageView) -> None:
        self.first = first
        self.parts: dict[int, MessageView] = {}
        self.repeats = 0

    def is_repeated_by(self, message: MessageView, number: int) -> bool:
        known = self.parts.get(number)
        return known is not None and known.text == message.text and self._age(message) <= AGAIN_MS

    def has_room_for(self, message: MessageView, number: int) -> bool:
        return number not in self.parts and self._age(message) <= LATE_MS

    def _age(self, message: MessageView) -> int:
        return abs(message.at - self.first.at)


def join_parts(messages: Sequence[MessageView], before: Sequence[MessageView] = ()) -> Sequence[MessageView]:
    """`messages` (in order of arrival) with the parts of a text as one `JoinedMessage` in place of the first.

    A value equal to one of `before`, an earlier result, is that same object.
    """
    if not any(message.part for message in messages):
        return messages
    standing: list[MessageView | _JoinedText] = []
    by_key: dict[_Key, list[_JoinedText]] = {}
    for message in messages:
        if (key := _key(message)) is None or message.part is None:
            standing.append(message)
            continue
        texts, number = by_key.setdefault(key, []), message.part.number
        if repeated := next((text for text in reversed(texts) if text.is_repeated_by(message, number)), None):
            repeated.repeats += 1
            continue
        if not texts or not texts[-1].has_room_for(message, number):
            texts.append(_JoinedText(message))
            standing.append(texts[-1])
        texts[-1].parts[number] = message
    known = {joined.id: joined for joined in before if isinstance(joined, JoinedMessage)}
    return tuple(_drawn(each, known) if isinstance(each, _JoinedText) else each for each in standing)


def _key(message: MessageView) -> _Key | None:
    part = message.part
    if part is None or message.direction != "inbound" or not 1 <= part.number <= part.total <= _MOST_PARTS:
        return None
    if part.total == 1:
        return None
    return message.line, message.consumer, part.reference, part.total, part.wide


def _drawn(text: _JoinedText, known: dict[str, JoinedMessage]) -> JoinedMessage:
    part = text.first.part
    total = part.total if part else 0
    words = _mended(text.parts)
    runs: list[str | int] = []
    for number in range(1, total + 1):
        here = text.parts.get(number)
        if here is None:
            runs.append(number)
        elif runs and isinstance(last := runs[-1], str):
            runs[-1] = last + words[number]
        else:
            runs.append(words[number])
    fields: dict[str, Any] = asdict(text.first)
    ordered = [text.parts[number] for number in sorted(text.parts)]
    fields |= {
        "text": "".join(words[number] for number in sorted(words)),
        "segments": sum(each.segments for each in ordered),
        "overflow": sum(each.overflow for each in ordered),
        "pictures": [picture for each in ordered for picture in each.pictures],
        "masked": sorted({name for each in ordered for name in each.masked}),
        "is_recovered": any(each.is_recovered for each in ordered),
        "runs": tuple(runs),
        "numbers": len(ordered),
        "total": total,
        "repeats": text.repeats,
        "part_ids": tuple(each.id for each in ordered),
    }
    joined = JoinedMessage(**fields)
    old = known.get(joined.id)
    return old if old == joined else joined


def _mended(parts: Mapping[int, MessageView]) -> dict[int, str]:
    """The words of each part; a character cut in two stands whole at the end of the first of them."""
    words = {number: message.text for number, message in parts.items()}
    for number in parts:
        if number + 1 in parts and (char := _at_seam(parts[number].part, parts[number + 1].part)):
            words[number] = words[number].removesuffix(_CUT) + char
            words[number + 1] = words[number + 1].removeprefix(_CUT)
    return words


def _at_seam(before: PartView | None, after: PartView | None) -> str:
    """The character whose halves are on both sides; empty when there is none."""
    if before is None or after is None or not (before.tail and after.head) or before.charset not in _CHARSETS:
        return ""
    try:
        return bytes.fromhex(before.tail + after.head).decode(before.charset)
    except ValueError:
        return ""
