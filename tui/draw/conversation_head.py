"""What stands above and below the transcript of the shown conversation."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sms.text import cells, one_line
from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.writing import cannot_write
from tui.draw.bars import spread
from tui.draw.compose_frame import then_line
from tui.draw.format import (
    Line,
    Span,
    clock,
    due_words,
    duration,
    left,
    line_width,
    moment,
    size,
    unsent_words,
    urgency,
)
from tui.model.conversations import (
    account_of,
    agent_name,
    consumer_name,
    have_joined,
    in_my_wrap_up,
    is_looked_up,
    is_mine,
    is_new,
    may_resend,
    names_ringing,
    number,
    rings_here,
    why_replies_wait,
    writing_here,
)
from tui.model.state import Attachment, Macro, Model

_CLOSES_SOON_MS = 24 * 3_600_000
_MOST_NAME, _MOST_REASON = 28, 60
_CAME = {"text_in": "", "follow_up": "we wrote first"}


def head_lines(model: Model, view: ConversationView, now: int, width: int, *, has_focus: bool = False) -> list[Line]:
    """Who it is and what is due; what it is about and what it needs; a rule. Marked where the transcript below has the
    focus."""
    lines = [_who(model, view, now, width), spread(_facts(model, view, now, width), [], width)]
    if has_focus:
        lines = [[("▌", "you"), *line[1:]] for line in lines]
    return [*lines, [("─" * width, "frame-on" if has_focus else "rule")]]


def _who(model: Model, view: ConversationView, now: int, width: int) -> Line:
    """The consumer, their number beside their name, and our line; and the state at the right. In little room our line
    goes first, then the number beside a name, then words of the state; never the consumer."""
    name: Line = [(one_line(consumer_name(view), _MOST_NAME), "strong")]
    known: Line = [*name, (f"  {one_line(number(view), 20)}", "muted")] if view.name else name
    line: Span = (f"{' ' if view.name else '  '}→ {one_line(view.line, 20)}", "muted")
    state = turn(model, view, now)
    brief = [state[0], *((words.partition(",")[0], role) for words, role in state[1:])]
    for before, after in (([*known, line], state), (known, state), (name, state), (name, brief)):
        if line_width(before) + line_width(after) + 4 <= width:
            return spread([before], after, width)
    words, role = brief[-1]
    words = one_line(words, width // 2 - 2)
    return spread([[(one_line(name[0][0], width - 4 - cells(words)), "strong")]], [(words, role)], width)


def gone_lines(view: ConversationView, width: int) -> list[Line]:
    """In place of the head of a conversation that the agent may not see any more."""
    return [
        spread([[(one_line(consumer_name(view), _MOST_NAME), "strong")]], [("no longer yours to see", "you")], width)
    ]


def gone_words(model: Model, view: ConversationView) -> str:
    """Why there is no transcript any more, and where the draft is."""
    words = "It belongs to colleagues now, whose work you do not see."
    if view.id in model.compose.drafts:
        words += " Your draft is kept, and is offered again when it comes back."
    return words


def turn(model: Model, view: ConversationView, now: int) -> Line:
    """Its state, and what runs out, is due, or how long the consumer waits."""
    state, role = _state(model, view)
    if view.state == "ringing" and view.ring_until is not None:
        return [(f"{state} · {left(view.ring_until - now)} left", role)]
    if view.state == "wrap_up" and view.wrap_up_until is not None:
        return [(f"{state} · {left(view.wrap_up_until - now)} left", role)]
    if view.state == "closed":
        return [(state, role)]
    spans: Line = [(state, role)]
    if view.scheduled_at is not None:
        spans += [(" · ", "faint"), (f"sends {moment(view.scheduled_at, now)}", "strong")]
    if view.snoozed_until is not None:
        spans += [(" · ", "faint"), (f"snoozed until {moment(view.snoozed_until, now)}", "strong")]
    if view.due_at is not None:
        words, tone = due_words(view.due_at, view.due_told, now)
        by = {"manual": ", set by hand", "first_contact": ", first contact"}.get(view.due_by, "")
        spans += [(" · ", "faint"), (f"{words}{by}", tone or "strong")]
    elif view.waiting_since is not None:
        waited = now - view.waiting_since
        spans += [(" · ", "faint"), (f"waiting {duration(waited)}" if waited >= 60_000 else "waiting", urgency(waited))]
    return spans


def _state(model: Model, view: ConversationView) -> Span:
    match view.state:
        case "closed":
            by = f" by {one_line(agent_name(model, view.closed_by), 16)}" if view.closed_by else ""
            return (f"closed {clock(view.closed_at)}{by}" if view.closed_at else "closed"), "muted"
        case "queued":
            return "in the queue", "muted"
        case "ringing" if rings_here(model, view):
            return "ringing you", "ring"
        case "ringing":
            return f"ringing {one_line(names_ringing(model, view), 16)}", "muted"
        case "wrap_up":
            return ("wrap-up", "you") if in_my_wrap_up(model, view) else ("in wrap-up", "muted")
    if is_mine(model, view):
        return "yours", "muted"
    owner = one_line(agent_name(model, view.agent), 16)
    return (f"beside {owner}" if have_joined(model, view) else f"with {owner}"), "muted"


def _no_replies(model: Model, view: ConversationView) -> str:
    """Why its account takes no replies, or does not send them now; empty while it does."""
    account = account_of(model, view)
    if account is not None and account.mode != "active":
        return f"{account.account} is {account.mode}: it accepts no replies"
    waits = why_replies_wait(model, view.account)
    return f"replies wait: {waits}" if waits else ""


def _facts(model: Model, view: ConversationView, now: int, width: int) -> list[Line]:
    """What it needs, what it is about, where it came from, and who else writes."""
    facts: list[Line] = []
    key = model.keys.name
    if view.back_from:
        words = (
            "back from its snooze" if view.back_from == "snooze" else "a later reply was not sent: it is a draft again"
        )
        facts.append([(words, "you")])
    if view.unsent:
        role = "you" if view.unsent_status == "uncertain" else "bad"
        again = ""
        if may_resend(model, view) and not (view.opted_out or view.likely_opt_out):
            again = f": {key('resend')} (or {key('resend', keys.Context.COMPOSE)}) sends it again"
        facts.append([(unsent_words(view), role), (again, "muted")])
    elif is_looked_up(view):
        facts.append(
            [
                ("? not sure it was sent", "you"),
                (": being looked up. It is sent again if it was not, unless more is written first", "muted"),
            ]
        )
    if view.state != "closed" and (words := _no_replies(model, view)):
        facts.append([(one_line(words, min(_MOST_REASON, width - 6)), "warn")])
    if writers := writing_here(model, view, now):
        are = "is" if len(writers) == 1 else "are"
        facts.append([(f"{one_line(', '.join(writers), 30)} {are} writing here", "you")])
    if view.opted_out:
        facts.append([("opted out: nothing may be sent", "bad")])
    elif view.likely_opt_out:
        facts.append(
            [
                ("? reads like an opt-out: ", "you"),
                (f"{key('is_opt_out')} it is, {key('is_no_opt_out')} it is not", "muted"),
            ]
        )
    about = [view.skill, *(f"#{tag}" for tag in view.tags), view.outcome]
    facts.append([(one_line(" · ".join(filter(None, about)), 60), "muted")])
    if words := _person(model, view, now):
        facts.append([(one_line(words, 60), "muted")])
    if came := "" if is_new(view.id) else _CAME.get(view.entry_point, view.entry_point.replace("_", " ")):
        facts.append([(one_line(came, 20), "muted")])
    if view.handed_by is not None:
        facts.append([(f"from {one_line(agent_name(model, view.handed_by), 16)}", "muted")])
    elif view.returned_by is not None and view.state in ("queued", "ringing"):
        facts.append([(f"back from {one_line(agent_name(model, view.returned_by), 16)}", "muted")])
    me = model.agents.me.id if model.agents.me is not None else None
    if joined := [agent_name(model, agent) for agent in view.joined if agent != me]:
        verb = "writes" if len(joined) == 1 else "write"
        facts.append([(f"{one_line(', '.join(joined), 30)} {verb} here too", "muted")])
    if view.reminder_at is not None and view.reminder_at != view.due_at:
        facts.append([(f"reminder {moment(view.reminder_at, now)}", "muted")])
    if view.closes_at is not None and 0 <= view.closes_at - now <= _CLOSES_SOON_MS:
        facts.append([(f"closes {moment(view.closes_at, now)} unless they write", "muted")])
    return facts


def _person(model: Model, view: ConversationView, now: int) -> str:
    """What is recorded of the consumer, and how often they have been here."""
    shown = model.transcript
    if shown is None or shown.about is None or shown.conversation_id != view.id:
        return ""
    from tui.draw.contact import brief_words  # few have more than a name

    return " · ".join(brief_words(shown.about, now))


def has_hint(model: Model, view: ConversationView) -> bool:
    """Whether something is to be known before writing there."""
    return _is_unread_preview(model, view) or cannot_write(model, view) is not None


def _is_unread_preview(model: Model, view: ConversationView) -> bool:
    return not model.is_entered and view.unread > 0 and is_mine(model, view)


def write_hint(model: Model, view: ConversationView, width: int, *, is_writing: bool) -> Line:
    """Above the compose area: why the agent cannot write there, and that a draft is not lost."""
    words = cannot_write(model, view, is_writing=is_writing)
    if words is None:
        return [(f" preview: nothing is marked read until {model.keys.name('open')} opens it", "faint")]
    if in_my_wrap_up(model, view):
        return [(f" {one_line(words, width - 2)}", "you")]
    if not model.is_entered and (draft := model.compose.drafts.get(view.id, "")):
        words = f"{words} Your draft {'is kept' if model.compose.is_on_disk else 'is not kept on disk'}: {draft}"
    return [(f" {one_line(words, width - 2)}", "muted")]


def attachments_line(pictures: Sequence[Attachment], width: int, macro: Macro | None = None) -> Line:
    """The pictures that go with the next reply, and what is done as it is sent."""
    done = then_line(macro, width - 1)
    if done and not pictures:
        return [(" ", ""), *done]
    names = [
        f"{one_line(picture.name, 30)}"
        + (f" {size(picture.size)}" if picture.size is not None else "")
        + ("" if picture.reference else " (on its way)")
        for picture in pictures
    ]
    room = width - 7 - (line_width(done) + 2 if done else 0)
    return [
        (" with ", "muted"),
        (one_line(" · ".join(names), max(0, room)), "link"),
        *([("  ", ""), *done] if done else []),
    ]
