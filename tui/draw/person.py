"""The panel for a person: what is known of them here, earlier conversations, notes and figures. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from connector.base.counted import count
from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap
from connector.wire.contacts import ContactView, PersonView
from connector.wire.views import ConversationView, MessageView
from tui.draw.contact import attribute_words, language_words, month
from tui.draw.format import Line, Span, duration, moment, pad
from tui.model.conversations import agent_name, consumer_name, is_leads_note, is_new, number
from tui.model.state import Model

_LABEL = 9  # cells
_BEFORE, _NOTES, _NOTE_LINES, _CONTACT_LINES = 6, 3, 3, 8  # at most shown


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
    transcript = model.transcript
    about = transcript.about if transcript is not None and transcript.conversation_id == view.id else None
    if about is not None:
        lines += _recorded(about.contact, room)
    lines += _fact("consent", [_consent(view)], room)
    if view.tags:
        lines += _fact("tags", [(" ".join(f"#{tag}" for tag in view.tags), "")], room)
    if not is_new(view.id):
        came = "we wrote first" if view.entry_point == "follow_up" else "they wrote first"
        lines += _fact("came", [(came, "")], room)
    if about is not None and about.others and about.since is not None:
        lines += _fact("with us", [(f"since {month(about.since, now)}", "")], room)
    for title, section in (
        ("About them", _about_them(about, room)),
        ("Before", _before(about, now, room)),
        ("Notes", _notes(model, messages, now, room)),
        ("So far", _figures(model, messages, now, room)),
    ):
        if section:
            lines += [[], [(f" {title}", "muted strong")], *section]
    return lines


def _recorded(contact: ContactView, room: int) -> list[Line]:
    """Language and attributes, a line or two each."""
    lines: list[Line] = []
    for words in language_words(contact):
        lines += _fact("language", [(words, "")], room)
    for name, value in contact.attributes.items():
        if cells(name) < _LABEL:
            lines += _fact(one_line(name, _LABEL - 1), [(value, "")], room)
        else:
            lines += [[(f" {line}", "")] for line in wrap(one_line(attribute_words(name, value), 3 * room), room)]
    return lines


def _about_them(about: PersonView | None, room: int) -> list[Line]:
    """The notes of their contact."""
    if about is None or not about.contact.notes:
        return []
    written = shown(about.contact.notes).split("\n")
    lines = [line for paragraph in written for line in (wrap(paragraph, room) or [""])]
    kept: list[Line] = [[(f" {line}", "")] for line in lines[:_CONTACT_LINES]]
    return [*kept, [(" …", "faint")]] if len(lines) > _CONTACT_LINES else kept


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


def _before(about: PersonView | None, now: int, room: int) -> list[Line]:
    """Their other conversations, the latest first."""
    if about is None:
        return []
    lines: list[Line] = []
    for one in about.latest[:_BEFORE]:
        words = ", ".join(filter(None, (one.skill, one.outcome, " ".join(f"#{tag}" for tag in one.tags))))
        day = pad(_day(one.opened_at, now), _LABEL)
        lines.append([(f" {day}", "faint"), (one_line(words, room - _LABEL), "")])
    if (more := about.others - len(lines)) > 0 and lines:
        lines.append([(f" and {more:,} more", "faint")])
    return lines


def _notes(model: Model, messages: Sequence[MessageView], now: int, room: int) -> list[Line]:
    lines: list[Line] = []
    for note in [message for message in messages if message.direction == "note"][-_NOTES:][::-1]:
        rank = " (lead)" if is_leads_note(model, note) else ""
        author = one_line(agent_name(model, note.author), room - 14 - len(rank))
        lines.append([(f" {author}{rank}", "note"), (f" {moment(note.at, now)}", "faint")])
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
