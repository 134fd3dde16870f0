"""What stands above and below the transcript of the open conversation."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sms.text import one_line
from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.writing import cannot_write
from tui.draw.bars import spread
from tui.draw.format import Line, Span, clock, due_words, duration, left, size, unsent_words, urgency
from tui.model.conversations import (
    agent_name,
    consumer_name,
    have_joined,
    in_my_wrap_up,
    is_mine,
    is_new,
    names_ringing,
    rings_here,
)
from tui.model.state import Attachment, Model


def _key(action_id: str, context: keys.Context = keys.Context.TRANSCRIPT) -> str:
    return keys.key_for(keys.BY_ID[action_id], context)


_RESEND = f"{_key('resend')} (or {_key('resend', keys.Context.COMPOSE)})"
_IS_OPT_OUT, _IS_NO_OPT_OUT = _key("is_opt_out"), _key("is_no_opt_out")


def head_lines(model: Model, view: ConversationView, now: int, width: int) -> list[Line]:
    """Consumer, line and state; deadlines and other facts; the reason why it is where it is."""
    who: list[Line] = [[(one_line(consumer_name(view), 20), "strong")]]
    who.append([("to ", "muted"), (one_line(view.line, 20), "")])
    first = spread(who, _turn(model, view, now), width)
    return [first, _facts(model, view, now, width), [(f" {one_line(view.reason, width - 2)}", "muted")]]


def gone_lines(view: ConversationView, width: int) -> list[Line]:
    """In place of the head of a conversation that the agent may not see any more."""
    return [spread([[(one_line(consumer_name(view), 20), "strong")]], [("out of your sight", "warn")], width)]


def gone_words(model: Model, view: ConversationView) -> str:
    """Why there is no transcript any more, and where the draft is."""
    words = "This conversation has gone out of your sight: it belongs to others, and to whom is not known here."
    if view.id in model.compose.drafts:
        words += " Your draft is kept, and is offered again when it comes back."
    return words


def _turn(model: Model, view: ConversationView, now: int) -> Line:
    """Its state, and what runs out or how long the consumer waits."""
    spans = [_state(model, view)]
    if view.state == "ringing" and view.ring_until is not None:
        spans.append((f" · {left(view.ring_until - now)} left", "accent" if rings_here(model, view) else "muted"))
    elif view.state == "wrap_up" and view.wrap_up_until is not None:
        spans.append((f" · {left(view.wrap_up_until - now)} left", "accent"))
    elif view.waiting_since is not None:
        waited = now - view.waiting_since
        tone = "strong" if view.due_at is not None else urgency(waited) or "strong"
        spans.append((f" · waits {duration(waited)}", tone))
    return spans


def _state(model: Model, view: ConversationView) -> Span:
    match view.state:
        case "closed":
            by = f" by {one_line(agent_name(model, view.closed_by), 16)}" if view.closed_by else ""
            return (f"closed {clock(view.closed_at)}{by}" if view.closed_at else "closed"), "muted"
        case "queued":
            return "in the queue", "accent"
        case "ringing" if rings_here(model, view):
            return "rings at you", "accent"
        case "ringing":
            return f"rings at {one_line(names_ringing(model, view), 16)}", "muted"
        case "wrap_up":
            return ("wrap-up", "accent") if in_my_wrap_up(model, view) else ("being wrapped up", "muted")
    if is_mine(model, view):
        return "yours", "good"
    owner = one_line(agent_name(model, view.agent), 16)
    return (f"beside {owner}", "good") if have_joined(model, view) else (f"with {owner}", "muted")


def _facts(model: Model, view: ConversationView, now: int, width: int) -> Line:
    """When an answer is due and when it closes, its outcome, how it came about, and who else writes."""
    facts: list[Line] = []
    if view.unsent:
        role = "warn" if view.unsent_status == "uncertain" else "bad"
        can_send = not (view.opted_out or view.likely_opt_out)
        facts.append([(unsent_words(view), role), (f": {_RESEND} sends it again" if can_send else "", "muted")])
    if view.likely_opt_out:
        facts.append([("? opted out: ", "warn"), (f"{_IS_OPT_OUT} yes, {_IS_NO_OPT_OUT} no", "muted")])
    if view.due_at is not None and view.state != "closed":
        by = {"manual": " set by hand", "first_contact": " first contact"}.get(view.due_by, "")
        words, role = due_words(view.due_at, view.due_told, now)
        facts.append([(words, role or "strong"), (by, "muted")])
    facts.append([(one_line(f"{view.skill} · {view.account}", 30), "muted")])
    if view.reminder_at is not None and view.reminder_at != view.due_at:
        facts.append([(f"reminder {clock(view.reminder_at)}", "muted")])
    if view.closes_at is not None:
        facts.append([(f"closes by itself in {left(max(0, view.closes_at - now))}", "muted")])
    if view.outcome or view.tags:
        facts.append([(one_line(" · ".join(filter(None, (view.outcome, " ".join(view.tags)))), 40), "")])
    if view.handed_by is not None:
        facts.append([("from ", "muted"), (one_line(agent_name(model, view.handed_by), 16), "accent")])
    if view.joined:
        names = ", ".join(agent_name(model, agent) for agent in view.joined)
        facts.append([("joined ", "muted"), (one_line(names, 30), "")])
    if view.moves:
        facts.append([(f"moved {view.moves}×", "muted")])
    if not is_new(view.id):
        facts.append([(f"entry: {one_line(view.entry_point.replace('_', ' '), 20)}", "muted")])
    return spread(facts, [], width)


def write_hint(model: Model, view: ConversationView, width: int) -> Line:
    """In place of the compose area: why the agent cannot write, and that a draft is not lost."""
    words = cannot_write(model, view) or ""
    if rings_here(model, view) or in_my_wrap_up(model, view):
        return [(f" {one_line(words, width - 2)}", "accent")]
    if draft := model.compose.drafts.get(view.id):
        words = f"{words} Your draft is kept: {draft}"
    return [(f" {one_line(words, width - 2)}", "warn")]


def attachments_line(pictures: Sequence[Attachment], width: int) -> Line:
    """The pictures that go with the next reply."""
    names = [
        f"{one_line(picture.name, 30)}"
        + (f" {size(picture.size)}" if picture.size is not None else "")
        + ("" if picture.reference else " (on its way)")
        for picture in pictures
    ]
    return [(" with ", "muted"), (one_line(" · ".join(names), width - 7), "accent")]
