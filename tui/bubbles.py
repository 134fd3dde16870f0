"""A transcript's messages as lines: a gutter with the time, the text, a column of ticks. Pure.

Each message the core has is drawn on its own, also the segments of one longer text. What stands before a message (the
day, another conversation, a gap) depends on the message before it.
"""

from __future__ import annotations

from connector.text import cells, one_line, shown
from connector.wire.requests import Reply
from connector.wire.views import AgentView, MessageView
from tui.format import Span, clock, count, day, pad, tick, wrap
from tui.model import Asked

Line = list[Span]

_GUTTER, _BAR = 8, 2
_TICKS = 21  # " ✗ undelivered 14:05 "
_WIDE = 70  # from this many cells on, ticks have a column of their own


def before(message: MessageView, previous: MessageView | None, width: int) -> list[Line]:
    """Lines between a message and the one above."""
    words = []
    if previous is None or day(previous.at) != day(message.at):
        words.append(day(message.at))
    if previous is not None and previous.conversation_id != message.conversation_id:
        words.append(f"a new conversation, on {message.line}")
    if words:
        rule = _rule(" · ".join(words), width)
        return [[], rule] if previous is not None else [rule]
    return [[]] if previous is not None and previous.direction != message.direction else []


def bubble(message: MessageView, me: AgentView | None, width: int) -> list[Line]:
    """The lines of one message, each at most `width` cells."""
    is_reply = message.direction == "reply"
    room = width - _GUTTER - (_BAR if is_reply else 0) - (_TICKS if width >= _WIDE else 1)
    role = "reply" if is_reply else ""
    text = shown(message.text) if message.text or not message.media else _media(message)
    lines = [[(line, role)] for line in wrap(text, room)]
    marks = _reply_marks(message) if is_reply else _inbound_marks(message)
    if width >= _WIDE:
        for index, mark in enumerate(marks):
            if index == len(lines):
                lines.append([("", role)])
            lines[index] = [(f"{pad(lines[index][0][0], room)} ", role), mark]
    elif marks:
        joined = " · ".join(words for words, _ in marks)
        lines.append([(one_line(joined, room), marks[0][1])])
    if is_reply and message.author and (me is None or message.author != me.id):
        lines.insert(0, [(one_line(message.author, room), "muted")])
    lines += [[(text, "bad")] for text in _trouble(message, room)]
    lines += [[(text, "muted")] for text in _extras(message, room)]
    return _framed(lines, clock(message.at), is_reply)


def pale(ask: Asked, body: Reply, ahead: int, is_linked: bool, width: int) -> list[Line]:
    """A reply that left the compose pane and is not answered yet."""
    words = "· sending…" if is_linked else "· waits for the link"
    room = width - _GUTTER - _BAR - (_TICKS if width >= _WIDE else 1)
    lines = [[(text, "muted")] for text in wrap(shown(body.text), room)]
    if width >= _WIDE:
        lines[0] = [(f"{pad(lines[0][0][0], room)} {words}", "muted")]
    else:
        lines.append([(words, "muted")])
    return _framed(lines, clock(ask.at + ahead), is_reply=True)


def _framed(lines: list[Line], time: str, is_reply: bool) -> list[Line]:
    """Put the gutter before every line, and the bar that tells replies from what came in."""
    framed: list[Line] = []
    for index, line in enumerate(lines):
        gutter = f" {time}  " if index == 0 else " " * _GUTTER
        framed.append([(gutter, "muted"), *([("▌ ", "accent")] if is_reply else []), *line])
    return framed


def _reply_marks(message: MessageView) -> list[Span]:
    sign, role = tick(message.status)
    marks = [(f"{sign} {clock(message.status_at)}", role)]
    if message.segments > 1:
        marks.append((count(message.segments, "segment"), "muted"))
    return marks


def _inbound_marks(message: MessageView) -> list[Span]:
    part = message.part
    return [(f"{part.number}/{part.total}", "muted")] if part else []


def _trouble(message: MessageView, room: int) -> list[str]:
    if message.status in ("accepted", "sent", "delivered") or not (message.code or message.words):
        return []
    return wrap(one_line(" ".join(filter(None, (message.code, message.words))), 400), room)


def _extras(message: MessageView, room: int) -> list[str]:
    notes = [_media(message)] if message.media and message.text else []
    if message.overflow:
        notes.append(f"… and {count(message.overflow, 'more character')}, kept by the core")
    return [line for note in notes for line in wrap(note, room)]


def _media(message: MessageView) -> str:
    """What came with the words, by its type: the desk fetches nothing from outside."""
    return " ".join(f"[{one_line(kind, 40)}]" for kind in message.media)


def _rule(words: str, width: int) -> Line:
    words = one_line(words, width - 8)
    return [(" ── ", "rule"), (words, "muted"), (f" {'─' * max(0, width - cells(words) - 6)}", "rule")]
