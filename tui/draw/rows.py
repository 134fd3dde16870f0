"""A conversation as one or two lines of a list."""

from __future__ import annotations

from connector.wire.masks import MASK
from connector.wire.views import ConversationView
from tui.draw.format import Line, Span, due, duration, fit, left, unsent_words, urgency
from tui.model.conversations import agent_name, consumer_name, in_my_wrap_up, is_mine, rings_here
from tui.model.listing import Scope
from tui.model.state import Model

WIDE = 72
"""From this many cells on, a conversation takes one line instead of two."""

_CONSUMER, _WHO, _LINE, _DUE = 17, 9, 13, 5
_LEFT = 5 + _DUE + 2 + _CONSUMER + 2


def row_height(width: int) -> int:
    return 1 if width >= WIDE else 2


def row_lines(model: Model, view: ConversationView, scope: Scope, width: int, now: int) -> list[Line]:
    """Lines of exactly `width` cells, the first of them blank for the cursor. `now` is the core's time."""
    spans = _row(model, view, scope, width, now)
    if view.state == "ringing" and not rings_here(model, view):
        return [[(text, "muted") for text, _ in line] for line in spans]
    return spans


def _row(model: Model, view: ConversationView, scope: Scope, width: int, now: int) -> list[Line]:
    unread = (f"  {min(view.unread, 99):>2} " if view.unread else "     ", "unread")
    clock, tone = time_left(model, view, now)
    clock = f"{clock:>{_DUE}}"
    is_calling = view.unread or view.unsent or view.waiting_since is not None or rings_here(model, view)
    consumer = (fit(consumer_name(view), _CONSUMER), "strong" if is_calling else "")
    words, role = _words(model, view)
    who = _who(model, view, scope)
    line = (f" {fit(view.line, _LINE, right=True)} ", "muted")
    if width >= WIDE:
        rest = width - _LEFT - _LINE - 2
        before = "" if scope is Scope.MINE else f"{fit(who, _WHO)} "
        text = (fit(words, rest - (_WHO + 1 if before else 0)), role)
        return [[unread, (clock, tone), ("  ", ""), consumer, ("  ", ""), (before, "muted"), text, line]]
    room = width - _CONSUMER - _DUE - 8
    return [
        [unread, consumer, (f" {fit(who, room)} ", "muted"), (clock, tone), (" ", "")],
        [("     ", ""), (fit(words, width - _LINE - 7), role), line],
    ]


def column_titles(scope: Scope, width: int) -> Line:
    """The titles of the columns, for lists of one-line rows."""
    who = {Scope.MINE: "", Scope.QUEUE: "skill", Scope.ALL: "with"}[scope]
    before = f"{who:<{_WHO}} " if who else ""
    start = f" new{'due':>{_DUE + 1}}  {'consumer':<{_CONSUMER}}  {before}last message"
    return [(f"{start.ljust(width - _LINE - 2)} {'our line':>{_LINE}} ", "muted")]


def time_left(model: Model, view: ConversationView, now: int) -> Span:
    """What is left of a ring or wrap-up, else the time until an answer is due, else how long the consumer waits."""
    if view.state == "ringing" and view.ring_until is not None:
        return left(view.ring_until - now), "accent" if rings_here(model, view) else "muted"
    if view.state == "wrap_up" and view.wrap_up_until is not None:
        return left(view.wrap_up_until - now), "accent"
    if view.state == "closed":
        return "", ""
    if view.due_at is not None:
        return due(view.due_at, view.due_told, now)
    if view.waiting_since is None:
        return "", ""
    waited = now - view.waiting_since
    return duration(waited), urgency(waited) or "strong"


def _who(model: Model, view: ConversationView, scope: Scope) -> str:
    """Whose conversation it is, as far as the list does not say so."""
    if scope is Scope.MINE:
        return ""
    if scope is Scope.QUEUE:
        return view.skill
    if view.state != "assigned":
        return "wrap-up" if view.state == "wrap_up" else view.state
    return "you" if is_mine(model, view) else agent_name(model, view.agent) if view.agent else ""


def _words(model: Model, view: ConversationView) -> Span:
    text = "".join(f"{mark} · " for mark in _marks(model, view)) + _latest(view)
    if view.id in model.compose.drafts:
        return f"draft · {text}", "accent"
    if view.opted_out:
        lost = f"{unsent_words(view)} · " if view.unsent else ""
        return f"opted out: {lost}{text}", "bad"
    if view.likely_opt_out:
        return f"? opted out: {text}", "warn"
    if view.unsent:
        return f"{unsent_words(view)} · {text}", "warn" if view.unsent_status == "uncertain" else "bad"
    if rings_here(model, view) or in_my_wrap_up(model, view):
        return text, "accent"
    if view.last_direction == "reply":
        return text, "muted"
    return text, "" if view.unread or view.waiting_since is not None else "muted"


def _marks(model: Model, view: ConversationView) -> list[str]:
    """How it came here: what the agent has to know before opening it."""
    marks = []
    if view.state == "ringing":
        others = ", ".join(agent_name(model, agent) for agent in view.rings)
        marks.append("rings" if rings_here(model, view) else f"rings at {others}")
    if in_my_wrap_up(model, view):
        marks.append("wrap-up")
    if view.handed_by is not None:
        marks.append(f"from {agent_name(model, view.handed_by)}")
    elif view.returned_by is not None and view.state == "queued":
        marks.append(f"back from {agent_name(model, view.returned_by)}")
    if view.moves > 1 and view.state in ("queued", "ringing"):
        marks.append(f"moved {view.moves}×")
    if model.agents.me is not None and model.agents.me.id in view.joined:
        marks.append("beside")
    return marks


def _latest(view: ConversationView) -> str:
    """The latest text; of one in segments the first that is here."""
    arrow = "→ " if view.last_direction == "reply" else ""
    part, text = view.last_part, view.last_text.replace(MASK, "•")
    if part is None or part.total < 2:
        return f"{arrow}{text}"
    return f"({part.total} parts) {'' if part.number == 1 else '…'}{text}"
