"""The page of what is urgent: open alerts with who is asked, who is on call, and what needs somebody most."""

from __future__ import annotations

from collections.abc import Hashable

from connector.sms.text import cells, one_line
from connector.wire.views import ConversationView
from tui.draw.alert_lines import alert_lines, in_order, is_me, on_call_lines, short_name
from tui.draw.format import Line, Span, fit, line_width, moment, unsent_words
from tui.draw.rows import time_left
from tui.model import urgent
from tui.model.attention import Need
from tui.model.conversations import consumer_name, is_mine, names_ringing
from tui.model.state import Model

Entry = tuple[Hashable | None, list[Line]]

_INDENT = "    "
_WIDE = 110  # cells, from which on the last words stand at the end
_SINCE = 5


def on_call_entries(model: Model, words: str, now: int, width: int) -> list[Entry]:
    """Alerts and conversations; the cursor can be on either. `words`: what the conversations are filtered by."""
    entries: list[Entry] = [(None, [[]])]
    entries += [(("alert", alert.id), alert_lines(model, alert, now, width)) for alert in in_order(model)]
    below = on_call_lines(model, width)
    if len(entries) > 1 and below:
        below = [[], *below]
    rows = urgent.listed(model)
    if rows is None:
        return [*entries, (None, [*below, [], [(f"{_INDENT}asking the core…", "muted")]])]
    found = [view for view in rows if _has(model, view, words)]
    if not found:
        nothing = "None has these words." if words else "Nothing is urgent: nobody waits in a queue or for long."
        return [*entries, (None, [*below, [], [(f"{_INDENT}{nothing}", "muted" if words else "good")]])]
    columns = _columns(width)
    entries.append((None, [*below, [], _titles(columns, width)]))
    entries += [(("conversation", view.id), [_row(model, view, columns, now, width)]) for view in found]
    if model.fetched.urgent is not None and model.fetched.urgent.more:
        entries.append((None, [[(f"{_INDENT}… and further ones, less urgent", "muted")]]))
    return entries


def summary(model: Model) -> Line:
    """How many wait for somebody: `12 need somebody, 3 overdue`."""
    rows = urgent.listed(model)
    if not rows:
        return []
    late = sum(urgent.need(view) is Need.OVERDUE for view in rows)
    more = "+" if model.fetched.urgent is not None and model.fetched.urgent.more else ""
    line: Line = [(f"{len(rows)}{more} {'needs' if len(rows) == 1 and not more else 'need'} somebody", "muted")]
    return [*line, (", ", "muted"), (f"{late}{more} overdue", "bad")] if late else line


def _columns(width: int) -> tuple[int, int, int]:
    """Cells of the name, of the skill and of who has it."""
    return (24, 12, 16) if width >= _WIDE else (18, 9, 13) if width >= 72 else (14, 0, 10)


def _titles(columns: tuple[int, int, int], width: int) -> Line:
    name, skill, has = columns
    where = f"{'where':<{skill}}  " if skill else ""
    titles = f"{_INDENT}{'since':>{_SINCE}}  {'who':<{name}}  {where}{'with':<{has}}  why"
    return [(one_line(titles, width) if cells(titles) > width else titles, "faint")]


def _row(model: Model, view: ConversationView, columns: tuple[int, int, int], now: int, width: int) -> Line:
    name, skill, has = columns
    since, tone = time_left(model, view, now)
    line: Line = [(_INDENT, ""), (f"{since:>{_SINCE}}  ", f"strong {tone}" if tone in ("bad", "you", "ring") else tone)]
    line += [(fit(consumer_name(view), name), "strong"), ("  ", "")]
    if skill:
        line += [(fit(view.skill, skill), "muted"), ("  ", "")]
    line += [*_with(model, view, has), ("  ", "")]
    why, role = _why(model, view, now)
    room = max(0, width - line_width(line) - 1)
    if width < _WIDE:
        return [*line, (one_line(why, room), role)]
    shown = one_line(why, room)
    line.append((f"{shown}  ", role))
    return [*line, (one_line(view.last_text, max(0, width - line_width(line) - 1)), "faint")]


def _with(model: Model, view: ConversationView, room: int) -> Line:
    """Whose it is, and whether they are there."""
    if view.state in ("queued", "ringing") or view.agent is None:
        return [(fit("  queue", room), "muted")]
    if is_mine(model, view) or is_me(model, view.agent):
        return [(fit("● you", room), "you")]
    agent = model.agents.by_id.get(view.agent)
    sign: Span = ("● ", "good") if agent is not None and agent.presence == "online" else ("○ ", "bad")
    return [sign, (fit(short_name(model, view.agent), room - 2), "")]


def _why(model: Model, view: ConversationView, now: int) -> Span:
    """Why it needs somebody, and since when."""
    since = view.waiting_since if view.waiting_since is not None else view.last_at
    match urgent.need(view):
        case Need.OVERDUE if view.due_at is not None:
            if view.state == "ringing":
                return f"overdue since {moment(view.due_at, now)}, rings {names_ringing(model, view)}", "bad"
            return f"overdue since {moment(view.due_at, now)}", "bad"
        case Need.RINGING:
            return f"rings {names_ringing(model, view)}", "ring"
        case Need.UNSENT if view.unsent:
            return (
                f"{unsent_words(view)}, {moment(view.last_at, now)}",
                "bad" if view.unsent_status != "uncertain" else "you",
            )
        case Need.UNSENT:
            return (
                f"{'may be an opt-out' if view.likely_opt_out else 'a reply is looked up'}, {moment(since, now)}",
                "you",
            )
        case Need.SOON if view.due_at is not None:
            return f"due {moment(view.due_at, now)}", "you"
    return f"waits since {moment(since, now)}", ""


def _has(model: Model, view: ConversationView, words: str) -> bool:
    """Whether a conversation has all these words: in its name, number, skill, owner or tags."""
    owner = short_name(model, view.agent) if view.agent else "queue"
    text = " ".join((consumer_name(view), view.consumer, view.shown, view.skill, owner, *view.tags)).casefold()
    return all(word in text for word in words.casefold().split())
