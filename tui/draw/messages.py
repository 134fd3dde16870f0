"""A transcript's messages as lines: the consumer's at the left, ours at the right on a tint, notes on their own ground.

Each message is drawn on its own; joined segments come as one `JoinedMessage`. What stands above a message (the day, a
blank line, the name) depends on the message before it. The text of a message is always a span of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from connector.base.counted import count
from connector.base.error_code import has_code
from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap
from connector.wire.joined_parts import JoinedMessage
from connector.wire.masks import MASK
from connector.wire.views import MessageView, ScheduledView
from tui.actions import keys
from tui.draw.copied import Words, runs
from tui.draw.format import Line, Span, clock, day, day_words, line_width, moment, picture, status_sign
from tui.draw.links import linked
from tui.model.conversations import agent_name, is_leads_note, why_replies_wait
from tui.model.state import LinkPhase, Model, PendingRequest, Sending

_MASKED = {
    "card": "card number",
    "card_code": "card code",
    "iban": "account number",
    "us_ssn": "social security number",
    "cut": "part of a number",
}
"""The core's rules in words; others are an operator's own and are shown by their names."""
_MASKED_OR_NOT = re.compile(f"{MASK}+|[^{MASK}]+")
_MOST_NAME = 24
_MOST_REASON = 120
_SAME_BREATH_MS = 5 * 60_000  # texts of one sender that come sooner stand under one name
_ARRIVED = ("accepted", "sent", "delivered", "withdrawn")
_NOT_LEFT = ("queued", "sending")
_LATE = ("failed", "undelivered", "expired", "uncertain")


_NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


class Side(NamedTuple):
    """The names on a transcript, and the day on which it is looked at."""

    model: Model
    consumer: str = ""  # the name of the one whose address `address` is
    address: str = ""
    now: int = 0
    numbers: Mapping[str, int] = _NO_NUMBERS
    """Of the links in it."""
    resends: str = ""  # the reply that the key sends again, if it sends one
    line: str = ""  # ours, of the shown conversation

    def why_waits(self, message: MessageView) -> str:
        """Why a reply that has not left is not sent now; empty otherwise."""
        if message.status not in _NOT_LEFT:
            return ""
        line = next((one for one in self.model.providers.lines if one.address == message.line), None)
        return why_replies_wait(self.model, line.account if line is not None else None)

    def writer(self, message: MessageView) -> str:
        """Who wrote a message."""
        if message.direction == "inbound":
            return self.consumer if message.consumer == self.address and self.consumer else message.consumer
        return agent_name(self.model, message.author) if message.author else "automatic"


def text_room(width: int) -> int:
    """The most cells that a line of a text takes: about 72 % of the transcript, more where that is narrow."""
    return max(8, min(max(width * 72 // 100, 44), width - 6))


def above(message: MessageView, previous: MessageView | None, side: Side, width: int) -> list[Line]:
    """Lines between a message and the one above: a day, and where another conversation begins or a day begins on
    another line of ours, which line that is."""
    words = []
    if previous is None or day(previous.at) != day(message.at):
        words.append(day_words(message.at, side.now))
    if previous is not None and previous.conversation_id != message.conversation_id:
        words.append(f"a new conversation, to {message.line}")
    elif words and message.line != side.line and side.line:
        words.append(f"to {message.line}")
    if words:
        rule = _rule(" · ".join(words), width)
        return [[], rule, []] if previous is not None else [rule, []]
    return [[]] if previous is None or _begins(message, previous) else []


def _begins(message: MessageView, previous: MessageView | None) -> bool:
    """Whether a message says anew who wrote it and when."""
    return (
        previous is None
        or (previous.direction, previous.author, previous.consumer)
        != (message.direction, message.author, message.consumer)
        or message.direction != "inbound"
        or message.at - previous.at >= _SAME_BREATH_MS
        or previous.conversation_id != message.conversation_id
        or day(previous.at) != day(message.at)
        or message.part is not None
        or isinstance(message, JoinedMessage)
    )


def message_lines(
    message: MessageView, previous: MessageView | None, side: Side, width: int, undo_s: int = 0
) -> list[Line]:
    """The lines of one message, each at most `width` cells. `undo_s`: for how long a reply can still be undone."""
    room = text_room(width)
    match message.direction:
        case "note":
            return _note(message, side, room)
        case "reply":
            return _reply(message, side, width, room, undo_s)
    head: Line = [(one_line(side.writer(message), min(_MOST_NAME, width - 8)), "strong ring")]
    head.append((f"  {clock(message.at)}", "faint"))
    head += [(f"  {words}", role) for words, role in _parts(message)]
    lines = ([head] if _begins(message, previous) else []) + _words(message, side, "", room)
    lines += [[(text, "bad")] for text in _trouble(message, room)]
    return [[(" ", ""), *line] for line in lines + _extras(message, side, room)]


def _reply(message: MessageView, side: Side, width: int, room: int, undo_s: int) -> list[Line]:
    """A bubble at the right edge, and under its last line who sent it when, and whether it arrived."""
    is_undone = message.status == "withdrawn"
    words = _words(message, side, "muted" if undo_s > 0 or is_undone else "", room - 2)
    # What the consumer never saw has no ground: it is no part of what was said.
    lines = _bubble(words, width, "" if is_undone else "bubble")
    foot = _foot(message, side, min(_MOST_NAME, max(1, width - 26)), undo_s)
    foot, *below = _with_why_it_waits(foot, "" if undo_s else side.why_waits(message), width, room)
    lines += _at_right([foot], width) + _at_right(below, width)
    if message.status in _LATE:
        lines += _at_right([[(text, _late_role(message))] for text in _failure(message, side, room)], width)
    return lines + _at_right(_extras(message, side, room), width)


def _bubble(lines: Sequence[Line], width: int, ground: str = "bubble") -> list[Line]:
    """Lines on the tint of our replies, or another ground, as wide as the longest of them."""
    longest = max(map(line_width, lines))
    indent = " " * max(0, width - longest - 3)
    return [
        [
            (indent, ""),
            (" ", ground),
            *((text, f"{ground} {role}".strip()) for text, role in line),
            (" " * (longest - line_width(line) + 1), ground),
        ]
        for line in lines
    ]


def _at_right(lines: Sequence[Line], width: int) -> list[Line]:
    """Lines that end one cell before the right edge; of several the longest does, and they begin together."""
    longest = max(map(line_width, lines), default=0)
    indent = " " * max(0, width - longest - 1)
    return [[(indent, ""), *line] for line in lines]


def _with_why_it_waits(foot: Line, waits: str, width: int, room: int) -> list[Line]:
    """The foot, with why the reply waits in place of its status, or below it where that has no room."""
    if not waits:
        return [foot]
    words = one_line(f"waits: {waits}", _MOST_REASON)
    whole: Line = [foot[0], (f"  · {words}", "warn"), *foot[2:]]
    return [whole] if line_width(whole) < width else [foot, *([(line, "warn")] for line in wrap(words, room))]


def _foot(message: MessageView, side: Side, most: int, undo_s: int) -> Line:
    """`Anna 17:01  ✓✓  2 segments`, or how long it can be undone; the name in at most so many cells."""
    who = one_line(side.writer(message), most)
    spans: Line = [(f"{who} {clock(message.at)}", "faint")]
    if undo_s:
        return [*spans, (f"  undo {undo_s} s", "you")]
    sign, role = status_sign(message.status)
    if message.status in _LATE:
        role = _late_role(message)
    elif message.status not in ("sent", "accepted", "delivered"):
        sign = f"{sign} {_QUIET_WORDS.get(message.status, one_line(message.status, 12))}"
    spans.append((f"  {sign}", role))
    if message.segments > 1:
        spans.append((f"  {count(message.segments, 'segment')}", "faint"))
    if message.resent_as:
        spans.append(("  sent again below", "faint"))
    return spans


_PENDING_WORDS = {LinkPhase.LINKED: "sending…", LinkPhase.SILENT: "waits for the core"}
_UNKNOWN = "It is unknown whether the message was sent"  # as the core begins, which is said already
_QUIET_WORDS = {"queued": "to be sent", "withdrawn": "not sent"}
_FAILED_WORDS = {
    "failed": "not sent",
    "undelivered": "not delivered",
    "expired": "not delivered in time",
    "uncertain": "not sure whether this was sent",
}


def _late_role(message: MessageView) -> str:
    """Red while it waits for the agent's decision, and quiet after it."""
    if message.resent_as is not None:
        return "muted"
    return "you" if message.status == "uncertain" else "bad"


def _failure(message: MessageView, side: Side, room: int) -> list[str]:
    """In words what went wrong, and the keys that help."""
    failed = _FAILED_WORDS[message.status]
    reason = one_line(message.words or "", 300).rstrip(".").removeprefix(_UNKNOWN).removeprefix(failed)
    reason = reason.removeprefix(": ")
    code = f" ({one_line(message.code, 40)})" if message.code and not has_code(reason, message.code) else ""
    words = f"{failed}{f': {reason}' if reason else ''}{code}"
    if message.status == "uncertain" and not reason:
        words += ": the provider is asked, and nothing is sent twice"
    if message.resent_as is not None:
        return wrap(words, room)
    key = side.model.keys.name
    again = f"{key('explain')} why"
    if side.resends == message.id:
        again = f"{key('resend')} or {key('resend', keys.Context.COMPOSE)} send again · {again}"
    if cells(words) + 3 + cells(again) <= room:
        return [f"{words} · {again}"]
    return [*wrap(words, room), *wrap(again, room)]


def _note(message: MessageView, side: Side, room: int) -> list[Line]:
    """A note on its own ground, as wide as its longest line."""
    author = agent_name(side.model, message.author) if message.author else "a colleague"
    kind = "lead's note" if is_leads_note(side.model, message) else "note"
    head: Line = [
        (f"{kind} · {one_line(author, min(_MOST_NAME, room - 12 - len(kind)))}", "strong"),
        (f"  {clock(message.at)}", "muted"),
    ]
    words = [*linked(shown(message.text), room - 2, 0, "", side.numbers)]
    if len(words) == 1 and line_width(head) + 2 + line_width(words[0]) <= room - 2:
        lines = [[*head, ("  ", ""), *words[0]]]
    else:
        lines = [head, *words]
    if message.masked:
        lines = [*veiled(lines), [(one_line(mask_words(message.masked), room - 2), "muted")]]
    longest = max(map(line_width, lines))
    return [
        [
            (" ", ""),
            (" ", "note-ground"),
            *((text, f"note-ground {role}".rstrip()) for text, role in line),
            (" " * (longest - line_width(line) + 1), "note-ground"),
        ]
        for line in lines
    ]


def pending_lines(request: PendingRequest, body: Sending, side: Side, width: int) -> list[Line]:
    """A reply whose request is pending."""
    connection = side.model.connection
    lines: list[Line] = [[(text, "muted")] for text in wrap(shown(body.text), text_room(width) - 2)]
    words = "to be undone" if request.is_undone else _PENDING_WORDS.get(connection.phase, "waits for the link")
    me = side.model.agents.me
    who = f"{one_line(me.name, _MOST_NAME)} " if me is not None else ""
    foot: Line = [(f"{who}{clock(request.asked_at + connection.clock_ahead_ms)}", "faint"), (f"  · {words}", "muted")]
    return [[], *_bubble(lines, width), *_at_right([foot], width)]


def scheduled_lines(later: ScheduledView, side: Side, width: int, cancels: str) -> list[Line]:
    """A reply that waits for its moment; `cancels`: the key that does so."""
    text = shown(later.text).replace(MASK, "•")
    lines: list[Line] = [[(line, "muted")] for line in wrap(text, text_room(width) - 2)]
    me = side.model.agents.me
    is_own = me is not None and me.id == later.author
    how = f" · {cancels} cancels" if is_own else ""
    who = one_line(agent_name(side.model, later.author), min(_MOST_NAME, max(1, width - 44)))
    foot: Line = [(f"{who}  ", "faint"), (f"to be sent {moment(later.send_at, side.now)}{how}", "you")]
    return [[], *_bubble(lines, width, ""), *_at_right([foot], width)]


def _parts(message: MessageView) -> Line:
    """Which segments of a longer text it is."""
    if isinstance(message, JoinedMessage):
        whole = message.numbers == message.total
        marks = [
            (f"{message.total} parts joined", "faint")
            if whole
            else (f"{message.numbers} of {message.total} parts", "you")
        ]
        return marks + ([(count(message.repeats, "repeat") + " left out", "faint")] if message.repeats else [])
    part = message.part
    return [(f"{part.number}/{part.total}", "faint")] if part else []


def mask_words(names: Sequence[str]) -> str:
    """What of a text is masked: `card number, card code masked`."""
    return f"{', '.join(one_line(_MASKED.get(name, name), 30) for name in names)} masked"


def veiled(lines: list[Line]) -> list[Line]:
    """Masked characters as dim dots: a run of solid blocks would be the brightest thing on the screen."""
    return [[span for text, role in line for span in _veiled(text, role)] for line in lines]


def _veiled(text: str, role: str) -> list[Span]:
    if MASK not in text or not isinstance(text, Words):
        return [(text, role)]
    pieces = [text.part(*found.span()) for found in _MASKED_OR_NOT.finditer(text)]
    return [(piece.with_dots(), "muted" if piece.startswith(MASK) else role) for piece in pieces]


def _words(message: MessageView, side: Side, role: str, room: int) -> list[Line]:
    """The text, with a mark in place of each missing segment; the pictures where there is no text."""
    lines: list[Line] = []
    at = 0
    for text, own in runs(message):
        lines += linked(text, room, at, own or role, side.numbers)
        at += len(text) + 1
    return veiled(lines) if message.masked else lines


def _trouble(message: MessageView, room: int) -> list[str]:
    if message.status in _ARRIVED or not (message.code or message.words):
        return []
    return wrap(one_line(" ".join(filter(None, (message.code, message.words))), 400), room)


def _extras(message: MessageView, side: Side, room: int) -> list[Line]:
    """Pictures beside a text, and remarks about the message."""
    lines = _pictures(message, room) if message.text else []
    notes = []
    if message.masked:
        notes.append(mask_words(message.masked))
    if message.overflow:
        key = side.model.keys.name("read_rest")
        notes.append(f"… and {count(message.overflow, 'more character')}: {key} shows the rest")
    if message.is_recovered:
        notes.append("came late: found in the provider's list")
    if message.raw_status:
        notes.append(f"the provider says: {one_line(message.raw_status, 40)}")
    if message.resends:
        notes.append("an earlier reply, sent again")
    return lines + [[(line, "faint")] for note in notes for line in wrap(note, room)]


def _pictures(message: MessageView, room: int) -> list[Line]:
    """Each picture, whether it is stored yet or not, and why not."""
    return [[(line, role)] for text, role in map(picture, message.pictures) for line in wrap(text, room)]


def _rule(words: str, width: int) -> Line:
    """The words in the middle of a line."""
    words = one_line(words, width - 8)
    left = max(1, (width - cells(words) - 4) // 2)
    right = max(1, width - cells(words) - 4 - left)
    return [(f" {'─' * left} ", "rule"), (words, "faint"), (f" {'─' * right} ", "rule")]
