"""A conversation as one or two lines of a list. Pure."""

from __future__ import annotations

from connector.wire.views import ConversationView
from tui.format import Span, duration, fit, urgency
from tui.listing import Scope
from tui.state import Model, is_mine

WIDE = 72
"""From this many cells on, a conversation takes one line instead of two."""

_CONSUMER, _WHO, _LINE = 16, 9, 13
_LEFT = 5 + 1 + 4 + 2 + _CONSUMER + 2


def height(width: int) -> int:
    return 1 if width >= WIDE else 2


def row(model: Model, view: ConversationView, scope: Scope, width: int, now: int) -> list[list[Span]]:
    """Lines of exactly `width` cells, the first of them blank for the cursor. `now` is the core's time."""
    waited = None if view.waiting_since is None else now - view.waiting_since
    unread = (f"  {min(view.unread, 99):>2} " if view.unread else "     ", "unread")
    wait = (f"{duration(waited):>4}", urgency(waited) or "strong") if waited is not None else ("    ", "")
    consumer = (fit(view.consumer, _CONSUMER), "strong" if view.unread or waited is not None else "")
    words, role = _words(model, view)
    who = _who(model, view, scope)
    line = (f" {fit(view.line, _LINE, right=True)} ", "muted")
    if width >= WIDE:
        rest = width - _LEFT - _LINE - 2
        before = "" if scope is Scope.MINE else f"{fit(who, _WHO)} "
        text = (fit(words, rest - (_WHO + 1 if before else 0)), role)
        return [[unread, (" ", ""), wait, ("  ", ""), consumer, ("  ", ""), (before, "muted"), text, line]]
    return [
        [unread, consumer, (f" {fit(who, width - _CONSUMER - 12)} ", "muted"), wait, (" ", "")],
        [("     ", ""), (fit(words, width - _LINE - 7), role), line],
    ]


def titles(scope: Scope, width: int) -> list[Span]:
    """The heads of the columns, for lists of one-line rows."""
    who = {Scope.MINE: "", Scope.QUEUE: "skill", Scope.ALL: "with"}[scope]
    before = f"{who:<{_WHO}} " if who else ""
    left = f" new  wait  {'consumer':<{_CONSUMER}}  {before}last message"
    return [(f"{left:<{width - _LINE - 2}} {'our line':>{_LINE}} ", "muted")]


def _who(model: Model, view: ConversationView, scope: Scope) -> str:
    """What the list itself does not say about whose conversation this is."""
    if scope is Scope.MINE:
        return ""
    if scope is Scope.QUEUE:
        return view.skill
    if view.state != "assigned":
        return view.state
    if is_mine(model, view):
        return "you"
    agent = model.agents.get(view.agent or "")
    return agent.name if agent else view.agent or ""


def _words(model: Model, view: ConversationView) -> Span:
    text = _latest(view)
    if view.id in model.drafts:
        return f"draft · {text}", "accent"
    if view.opted_out:
        return f"opted out: {text}", "bad"
    if view.last_direction == "reply":
        return f"→ {text}", "muted"
    return text, "" if view.unread or view.waiting_since is not None else "muted"


def _latest(view: ConversationView) -> str:
    """The latest text; of one in segments its beginning, or, when that is not here, what is."""
    part = view.last_part
    if part is None or part.total < 2:
        return view.last_text
    return f"({part.total} parts) {'' if part.number == 1 else '…'}{view.last_text}"
