"""A transcript's messages as lines: a gutter with the time, the text, a column of ticks.

Each message is drawn on its own; joined segments come as one `JoinedMessage`.
The separator above a message (the day, another conversation, a gap) depends on the message before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from connector.base.counted import count
from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap
from connector.wire.joined_parts import JoinedMessage
from connector.wire.masks import MASK
from connector.wire.views import AgentView, MessageView
from tui.draw.format import Line, Span, clock, day, pad, picture, tick
from tui.model.state import PendingRequest, Sending

_MASKED = {
    "card": "card number",
    "card_code": "card code",
    "iban": "account number",
    "us_ssn": "social security number",
    "cut": "part of a number",
}
"""The core's rules in words; others are an operator's own and are shown by their names."""
_BLOCKS = re.compile(f"({MASK}+)")
_GUTTER, _BAR = 8, 2
_TICKS = 21  # " ✗ undelivered 14:05 "
_WIDE = 70  # from this many cells on, ticks have a column of their own


def separator(message: MessageView, previous: MessageView | None, width: int) -> list[Line]:
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


def message_lines(message: MessageView, me: AgentView | None, width: int, undo_s: int = 0) -> list[Line]:
    """The lines of one message, each at most `width` cells. `undo_s`: for how long a reply can still be undone."""
    if message.direction == "note":
        return _note(message, width)
    is_reply = message.direction == "reply"
    room = width - _GUTTER - (_BAR if is_reply else 0) - (_TICKS if width >= _WIDE else 1)
    is_pale = undo_s > 0 or message.status == "withdrawn"
    role = "muted" if is_pale else "reply" if is_reply else ""
    lines = _words(message, role, room)
    marks = _reply_marks(message, undo_s) if is_reply else _inbound_marks(message)
    if width >= _WIDE:
        for index, mark in enumerate(marks):
            if index == len(lines):
                lines.append([("", role)])
            text, own = lines[index][0]
            lines[index] = [(f"{pad(text, room)} ", own), mark]
    elif marks:
        joined = " · ".join(words for words, _ in marks)
        lines.append([(one_line(joined, room), marks[0][1])])
    if is_reply and message.author is None:
        lines.insert(0, [("automatic", "muted")])
    elif is_reply and message.author and (me is None or message.author != me.id):
        lines.insert(0, [(one_line(message.author, room), "muted")])
    if message.masked:
        lines = veiled(lines)
    lines += [[(text, "bad")] for text in _trouble(message, room)]
    lines += _extras(message, room)
    return _framed(lines, clock(message.at), is_reply)


def _note(message: MessageView, width: int) -> list[Line]:
    """A note, marked apart from the messages of consumer and agents."""
    room = width - _GUTTER - _BAR - 1
    author = one_line(message.author or "an agent", 16)
    lines: list[Line] = [[(one_line(f"note of {author}, for colleagues only", room), "muted")]]
    words: list[Line] = [[(text, "note")] for text in wrap(shown(message.text), room)]
    lines += veiled(words) if message.masked else words
    if message.masked:
        lines.append([(one_line(mask_words(message.masked), room), "muted")])
    framed = _framed(lines, clock(message.at), is_reply=False)
    return [[line[0], ("┊ ", "note"), *line[1:]] for line in framed]


def pending_lines(request: PendingRequest, body: Sending, ahead: int, is_linked: bool, width: int) -> list[Line]:
    """A reply whose request is pending."""
    words = "· sending…" if is_linked else "· waits for the link"
    room = width - _GUTTER - _BAR - (_TICKS if width >= _WIDE else 1)
    lines = [[(text, "muted")] for text in wrap(shown(body.text), room)]
    if width >= _WIDE:
        lines[0] = [(f"{pad(lines[0][0][0], room)} {words}", "muted")]
    else:
        lines.append([(words, "muted")])
    return _framed(lines, clock(request.asked_at + ahead), is_reply=True)


def _framed(lines: list[Line], time: str, is_reply: bool) -> list[Line]:
    """Put the gutter before every line, and the bar that marks a reply."""
    framed: list[Line] = []
    for index, line in enumerate(lines):
        gutter = f" {time}  " if index == 0 else " " * _GUTTER
        framed.append([(gutter, "muted"), *([("▌ ", "accent")] if is_reply else []), *line])
    return framed


def _reply_marks(message: MessageView, undo_s: int) -> Line:
    sign, role = tick(message.status)
    marks = [(f"· undo: {undo_s} s", "accent") if undo_s else (f"{sign} {clock(message.status_at)}", role)]
    if message.segments > 1:
        marks.append((count(message.segments, "segment"), "muted"))
    return marks


def _inbound_marks(message: MessageView) -> Line:
    if isinstance(message, JoinedMessage):
        whole = message.numbers == message.total
        marks = [
            (f"{message.total} parts joined", "muted")
            if whole
            else (f"{message.numbers} of {message.total} parts", "warn")
        ]
        return marks + ([(count(message.repeats, "repeat") + " left out", "muted")] if message.repeats else [])
    part = message.part
    return [(f"{part.number}/{part.total}", "muted")] if part else []


def mask_words(names: Sequence[str]) -> str:
    """What of a text is masked: `card number, card code masked`."""
    return f"{', '.join(one_line(_MASKED.get(name, name), 30) for name in names)} masked"


def veiled(lines: list[Line]) -> list[Line]:
    """Masked characters as dim dots: a run of solid blocks would be the brightest thing on the screen."""
    return [[span for text, role in line for span in _veiled(text, role)] for line in lines]


def _veiled(text: str, role: str) -> list[Span]:
    pieces = _BLOCKS.split(text)
    return [(piece.replace(MASK, "•"), "muted" if piece.startswith(MASK) else role) for piece in pieces if piece]


def _words(message: MessageView, role: str, room: int) -> list[Line]:
    """The text, with a mark in place of each missing segment; the pictures where there is no text."""
    if isinstance(message, JoinedMessage):
        lines: list[Line] = []
        for run in message.runs:
            if isinstance(run, int):
                lines.append([(one_line(f"… part {run} of {message.total} missing …", room), "warn")])
            else:
                lines += [[(line, role)] for line in wrap(shown(run), room)]
        return lines
    if not message.text and message.pictures:
        return _pictures(message, room)
    return [[(line, role)] for line in wrap(shown(message.text), room)]


def _trouble(message: MessageView, room: int) -> list[str]:
    if message.status in ("accepted", "sent", "delivered", "withdrawn") or not (message.code or message.words):
        return []
    return wrap(one_line(" ".join(filter(None, (message.code, message.words))), 400), room)


def _extras(message: MessageView, room: int) -> list[Line]:
    """Pictures beside a text, and remarks about the message."""
    lines = _pictures(message, room) if message.text else []
    notes = []
    if message.masked:
        notes.append(mask_words(message.masked))
    if message.overflow:
        notes.append(f"… and {count(message.overflow, 'more character')}, stored by the core")
    if message.is_recovered:
        notes.append("found later in the provider's list")
    if message.raw_status:
        notes.append(f"the provider says: {one_line(message.raw_status, 40)}")
    if message.resends:
        notes.append("an earlier reply, sent again")
    if message.resent_as:
        notes.append("sent again below")
    if message.status == "uncertain" and not message.words:
        notes.append("It is not known yet whether it was sent. It is looked up at the provider, and never sent twice.")
    return lines + [[(line, "muted")] for note in notes for line in wrap(note, room)]


def _pictures(message: MessageView, room: int) -> list[Line]:
    """Each picture, whether it is stored yet or not, and why not."""
    return [[(line, role)] for text, role in map(picture, message.pictures) for line in wrap(text, room)]


def _rule(words: str, width: int) -> Line:
    words = one_line(words, width - 8)
    return [(" ── ", "rule"), (words, "muted"), (f" {'─' * max(0, width - cells(words) - 6)}", "rule")]
