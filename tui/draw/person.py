"""The panel for a person: what is known of them here, earlier conversations, notes and figures. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.base.counted import count
from connector.sms.text import one_line
from connector.sms.wrapping import wrap
from connector.wire.views import ConversationView, MessageView
from tui.draw.format import Line, Span, duration, moment, pad
from tui.model.conversations import agent_name, consumer_name, is_new, number
from tui.model.state import Model

_LABEL = 9  # cells
_BEFORE, _NOTES, _NOTE_LINES = 6, 3, 3  # at most shown


def person_lines(
    model: Model, view: ConversationView, messages: Sequence[MessageView], now: int, width: int
) -> list[Line]:
    """`messages`: those with this person that are loaded, parts of one text joined."""
    room = width - 2
    called = consumer_name(view)
    lines: list[Line] = [[(f" {one_line(called, room)}", "strong")]]
    for one in dict.fromkeys((number(view), view.consumer)):
        if one != called:
            lines.append([(f" {one_line(one, room)}", "muted")])
    lines.append([])
    lines += _fact("consent", [_consent(view)], room)
    if view.tags:
        lines += _fact("tags", [(" ".join(f"#{tag}" for tag in view.tags), "")], room)
    if not is_new(view.id):
        came = "we wrote first" if view.entry_point == "follow_up" else "they wrote first"
        lines += _fact("came", [(came, "")], room)
    for title, section in (
        ("Before", _before(model, view, messages, now, room)),
        ("Notes", _notes(model, messages, now, room)),
        ("So far", _figures(model, messages, now, room)),
    ):
        if section:
            lines += [[], [(f" {title}", "muted strong")], *section]
    return lines


def _consent(view: ConversationView) -> Span:
    if view.opted_out:
        return "opted out", "bad"
    return ("perhaps opted out", "warn") if view.likely_opt_out else ("no opt-out", "")


def _fact(label: str, words: Iterable[Span], room: int) -> list[Line]:
    lines: list[Line] = []
    for text, role in words:
        for line in wrap(one_line(text, 4 * (room - _LABEL)), room - _LABEL):
            lines.append([(f" {pad(label if not lines else '', _LABEL)}", "faint"), (line, role)])
    return lines


def _before(model: Model, view: ConversationView, messages: Sequence[MessageView], now: int, room: int) -> list[Line]:
    """Their other conversations among the messages that are loaded, the latest first; and whether there may be more."""
    others: dict[str, list[MessageView]] = {}
    for message in messages:
        if message.conversation_id != view.id:
            others.setdefault(message.conversation_id, []).append(message)
    lines: list[Line] = []
    for conversation_id, theirs in reversed(others.items()):
        if len(lines) == _BEFORE:
            lines.append([(f" and {len(others) - _BEFORE} more", "faint")])
            break
        known = model.conversations.by_id.get(conversation_id)
        about = [known.skill, known.outcome, *(f"#{tag}" for tag in known.tags)] if known is not None else []
        words = ", ".join(filter(None, about)) or count(len(theirs), "message")
        day = pad(_day(theirs[-1].at, now), _LABEL)
        lines.append([(f" {day}", "faint"), (one_line(words, room - _LABEL), "")])
    shown = model.transcript
    if shown is not None and shown.has_older:
        lines.append([(f" {one_line('older messages: not loaded', room)}", "faint")])
    return lines


def _notes(model: Model, messages: Sequence[MessageView], now: int, room: int) -> list[Line]:
    lines: list[Line] = []
    for note in [message for message in messages if message.direction == "note"][-_NOTES:][::-1]:
        author = one_line(agent_name(model, note.author), room - 14)
        lines.append([(f" {author}", "note"), (f" {moment(note.at, now)}", "faint")])
        lines += [[(f" {line}", "")] for line in wrap(one_line(note.text, _NOTE_LINES * room), room)[:_NOTE_LINES]]
    return lines


def _figures(model: Model, messages: Sequence[MessageView], now: int, room: int) -> list[Line]:
    sent = [message for message in messages if message.direction == "reply" and message.status != "withdrawn"]
    came = [message for message in messages if message.direction == "inbound"]
    if not sent and not came:
        return []
    lines = _fact("in, out", [(f"{len(came):,}, {len(sent):,}", "")], room)
    if segments := sum(message.segments for message in sent):
        lines += _fact("sent", [(count(segments, "segment"), "")], room)
    if waits := _waits(messages):
        from statistics import median  # takes long to load, and the first screen has no messages

        lines += _fact("answered", [(f"in {duration(round(median(waits)))}".replace("in now", "within 1m"), "")], room)
    shown = model.transcript
    if shown is not None and not shown.is_loading:
        first = _day(messages[0].at, now)
        lines += _fact("since", [(first if not shown.has_older else f"before {first}", "")], room)
    return lines


def _waits(messages: Sequence[MessageView]) -> list[int]:
    """How long each first unanswered text of theirs waited for a reply, in ms."""
    waits, since = [], None
    for message in messages:
        if message.direction == "inbound" and since is None:
            since = message.at
        elif message.direction == "reply" and message.author is not None and since is not None:
            waits.append(message.at - since)
            since = None
    return waits


def _day(at: int, now: int) -> str:
    """`today`, `12 Sep`, `Sep 2024`."""
    when, today = datetime.fromtimestamp(at / 1000), datetime.fromtimestamp(now / 1000)
    if when.date() == today.date():
        return "today"
    return f"{when.day} {when:%b}" if when.year == today.year else f"{when:%b %Y}"
