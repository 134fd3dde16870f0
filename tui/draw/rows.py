"""A conversation as one or two lines of a list: what needs the agent and since when, the name, the last words."""

from __future__ import annotations

from connector.sms.text import cells, one_line
from connector.wire.masks import MASK
from connector.wire.views import ConversationView
from tui.draw.format import Line, Span, clock, duration, fit, left, line_width, moment, urgency
from tui.model.conversations import (
    agent_name,
    consumer_name,
    in_my_wrap_up,
    is_looked_up,
    is_mine,
    is_new,
    names_ringing,
    recipient,
    rings_here,
)
from tui.model.listing import Scope
from tui.model.pending import unanswered_texts
from tui.model.state import Model

WIDE = 72
"""From this many cells on, a conversation takes one line instead of two."""

MARKED = "*"
"""The sign of a marked conversation, in a column of its own while there are any."""

_SINCE = 5  # cells of the column at the left edge, after the one of the cursor
_NAME, _WHO = 19, 10  # columns of one-line rows
_MOST_MARK = 16
_MARK = 1 + len(MARKED)
_DRAFT: Span = ("draft", "muted")


def row_height(width: int) -> int:
    return 1 if width >= WIDE else 2


def row_lines(model: Model, view: ConversationView, scope: Scope, width: int, now: int) -> list[Line]:
    """Lines of exactly `width` cells, the first of them blank for the cursor. `now` is the core's time."""
    since, tone = time_left(model, view, now)
    urgency_role = f"strong {tone}" if _is_urgent(tone) else tone
    edge: Line = [(f" {since:>{_SINCE}} ", urgency_role)]
    if model.marks:
        edge.append((f"{MARKED if view.id in model.marks else '':<{_MARK}}", "strong you"))
    edge_width = line_width(edge)
    mark, mark_role = _mark(model, view, now)
    name = consumer_name(view)
    name_role = "strong" if _is_calling(model, view) else "" if view.state != "closed" else "muted"
    has_draft = view.id in model.compose.drafts and (mark, mark_role) != _DRAFT
    if view.id in model.mentions.unread:
        mark, mark_role = f"@ {mark}", mark_role if mark_role == "bad" else "you"
    who = _who(model, view, scope)
    if width >= WIDE:
        room = width - edge_width - 1 - _NAME - 2 - _WHO - 2 - cells(mark) - 2
        middle: Line = [(fit(name, _NAME), name_role), (f"  {fit(who, _WHO)}  ", "muted")]
        words, words_role = _words(model, view, room, has_draft=has_draft)
        return [[*edge, (" ", ""), *middle, (fit(words, room), words_role), (f" {mark} ", mark_role)]]
    room = width - edge_width - cells(mark) - 2
    below = width - edge_width - 1
    aside = one_line(who, min(_MOST_MARK, below // 3)) if scope is not Scope.MINE else ""
    below -= cells(aside) + 1 if aside else 0
    words, words_role = _words(model, view, below, has_draft=has_draft)
    return [
        [*edge, (fit(name, room), name_role), (f" {mark} ", mark_role)],
        [(" " * edge_width, ""), (fit(words, below), words_role), (f" {aside} " if aside else " ", "faint")],
    ]


def column_titles(width: int, *, has_marks: bool = False) -> Line:
    """The titles of the columns, for lists of one-line rows. `has_marks`: there is a column for them."""
    mark = " " * _MARK if has_marks else ""
    titles = f"{'since':>{1 + _SINCE}}{mark}  {'who':<{_NAME}}  {'where':<{_WHO}}  last words"
    return [(fit(titles, width) if cells(titles) > width else titles.ljust(width), "faint")]


def time_left(model: Model, view: ConversationView, now: int) -> Span:
    """The left edge of a row, in at most five cells: what needs the agent and since when.

    `!3m` overdue, `36s` left of a ring or of a wrap-up, `!36s` of a ring that is overdue as well, `✗ 4m` not sent,
    `z 2h` back in two hours, `? 4m` not sure (it may be being looked up) or opted out, `▲4m` due soon, `9m` waits.
    """
    if view.state == "closed":
        return "", ""
    is_overdue = view.due_at is not None and now >= view.due_at
    if view.state == "ringing" and view.ring_until is not None:
        rings = left(view.ring_until - now)
        return (f"!{rings}", "bad") if is_overdue else (rings, "ring" if rings_here(model, view) else "muted")
    if view.due_at is not None and is_overdue:
        return f"!{_short(now - view.due_at)}", "bad"
    if view.state == "wrap_up" and view.wrap_up_until is not None:
        return left(view.wrap_up_until - now), "you" if in_my_wrap_up(model, view) else "muted"
    since = view.waiting_since if view.waiting_since is not None else view.last_at
    if view.unsent and view.unsent_status != "uncertain":
        return _with_age("✗", now - since), "bad"
    if view.unsent or is_looked_up(view) or view.likely_opt_out:
        return _with_age("?", now - since), "you"
    if view.snoozed_until is not None:
        return f"z{_short(view.snoozed_until - now):>4}", "muted"
    if view.due_at is not None and view.due_told == "soon":
        return f"▲{_short(view.due_at - now)}", "you"
    if view.waiting_since is None:
        return "", ""
    waited = now - view.waiting_since
    return duration(waited), "" if view.due_at is not None else urgency(waited)


def _is_urgent(tone: str) -> bool:
    return tone in ("bad", "you", "ring")


def _short(ms: int) -> str:
    return "<1m" if ms < 60_000 else duration(ms)


def _with_age(sign: str, ms: int) -> str:
    """A sign and how old it is, in at most five cells; `now` says nothing there."""
    return sign if ms < 60_000 else sign + f" {duration(ms)}"[-4:]


def _is_calling(model: Model, view: ConversationView) -> bool:
    """Something is to be done about it."""
    if view.state == "closed":
        return False
    if view.snoozed_until is not None and not (view.unsent or view.likely_opt_out):
        return False
    is_waiting = view.unread or view.waiting_since is not None or rings_here(model, view)
    return bool(is_waiting or view.unsent or is_looked_up(view) or view.likely_opt_out)


def _mark(model: Model, view: ConversationView, now: int) -> Span:
    """The one thing to know of it besides time and name; else when the last words were."""
    is_ours = is_mine(model, view) or rings_here(model, view)
    if view.state != "closed":
        several = f"{min(view.unsent, 99)} " if view.unsent > 1 else ""
        if view.unsent and view.unsent_status != "uncertain":
            return f"{several}not sent", "bad"
        if view.unsent:
            return f"{several}not sure", "you"
        if is_looked_up(view):
            return "being looked up", "you"
        if view.likely_opt_out:
            return "opted out?", "you"
    if view.opted_out:
        return "opted out", "bad"
    if view.state == "ringing":
        if rings_here(model, view):
            return "rings", "ring"
        return one_line(f"rings {names_ringing(model, view)}", _MOST_MARK), "muted"
    if view.state == "wrap_up":
        return "wrap-up", "you" if in_my_wrap_up(model, view) else "muted"
    if view.back_from:
        return "back", "you" if is_ours else "muted"
    if view.snoozed_until is not None:
        return f"until {moment(view.snoozed_until, now)}", "muted"
    if view.scheduled_at is not None:
        return f"sends {moment(view.scheduled_at, now)}", "muted"
    if view.unread:
        return f"{min(view.unread, 99)} new", "you" if is_ours else "muted"
    if view.state == "assigned" and view.waiting_since is None and view.due_at is not None:
        return f"due {clock(view.due_at)}", "faint"
    return _DRAFT if view.id in model.compose.drafts else (moment(view.last_at, now), "faint")


def _who(model: Model, view: ConversationView, scope: Scope) -> str:
    """Its skill; in the list of all whose it is."""
    if scope is not Scope.ALL:
        return view.skill
    match view.state:
        case "assigned" | "wrap_up":
            return "you" if is_mine(model, view) or in_my_wrap_up(model, view) else agent_name(model, view.agent)
        case "queued" | "ringing":
            return view.skill
    return view.state


def _words(model: Model, view: ConversationView, room: int, *, has_draft: bool) -> Span:
    """Its tags, how it came here, and the last words; of a conversation that begins with our text that text, once it is
    sent. Before them that it has a draft, where the mark says something else."""
    if is_new(view.id):
        sent = [body.text for _, body in unanswered_texts(model) if recipient(body) == view.id]
        return (f"→ {sent[-1]}" if sent else "nothing sent yet"), "faint"
    before = [*(["draft"] if has_draft else []), *_tags(view, room // 3), *_origin(model, view)]
    came = "".join(f"{words} · " for words in before)
    return f"{came}{_latest(view)}", "muted" if view.unread and view.state != "closed" else "faint"


def _tags(view: ConversationView, room: int) -> list[str]:
    """The tags as one text, whole ones as far as there is room, and how many are left out; the first in any case."""
    shown = ""
    for number, tag in enumerate(view.tags):
        further = f"{shown} #{one_line(tag, _MOST_MARK)}".lstrip()
        if shown and cells(further) > room:
            shown += f" +{len(view.tags) - number}"
            break
        shown = further
    return [shown] if shown else []


def _origin(model: Model, view: ConversationView) -> list[str]:
    """What the agent has to know before opening it."""
    words = []
    if view.handed_by is not None:
        words.append(f"from {agent_name(model, view.handed_by)}")
    elif view.returned_by is not None and view.state == "queued":
        words.append(f"back from {agent_name(model, view.returned_by)}")
    if view.moves > 1 and view.state in ("queued", "ringing"):
        words.append(f"passed on {view.moves} times")
    if model.agents.me is not None and model.agents.me.id in view.joined:
        words.append("you write beside them")
    return words


def _latest(view: ConversationView) -> str:
    """The latest text; of one in segments the first that is here."""
    arrow = "→ " if view.last_direction == "reply" else ""
    part, text = view.last_part, view.last_text.replace(MASK, "•")
    if part is None or part.total < 2:
        return f"{arrow}{text}"
    return f"({part.total} parts) {'' if part.number == 1 else '…'}{text}"
