"""What a search has found in a message, marked in its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.sms.text import shown
from connector.wire.joined_parts import JoinedMessage
from connector.wire.views import MessageView
from tui.draw.copied import Words
from tui.draw.format import Line, Span

Range = tuple[int, int]


def with_marks(lines: Sequence[Line], message: MessageView, marks: Sequence[Range]) -> list[Line]:
    """`marks`: ranges of the message's text as the core has it. Of joined segments nothing is marked: they are of
    one of them."""
    if isinstance(message, JoinedMessage) or not marks:
        return list(lines)
    ranges = [(len(shown(message.text[:first])), len(shown(message.text[:end]))) for first, end in marks]
    return [[span for text, role in line for span in _marked(text, role, ranges)] for line in lines]


def _marked(text: str, role: str, ranges: Sequence[Range]) -> Iterator[Span]:
    if not isinstance(text, Words):
        yield text, role
        return
    at = 0
    for first, end in ranges:
        begin, stop = max(first - text.at, at), min(end - text.at, len(text))
        if begin >= stop:
            continue
        if begin > at:
            yield text.part(at, begin), role
        yield text.part(begin, stop), f"{role} found".strip()
        at = stop
    if at < len(text):
        yield text.part(at, len(text)), role
