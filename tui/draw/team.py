"""The team: who is online, since when, and what they have; first who needs the lead."""

from __future__ import annotations

from typing import NamedTuple

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.views import AgentView
from tui.draw.bars import presence_words
from tui.draw.format import Line, duration, fit, line_width
from tui.model.conversations import with_article
from tui.model.listing import Listing
from tui.model.state import Model

_ORDER = {"online": 0, "back_soon": 1, "away": 2}
_MOST_SQUARES, _LEAST_FIGURES = 8, 6
_NAME, _STATE, _SINCE = 16, 18, 5
_NAME_SHORT, _STATE_SHORT, _NARROW = 12, 7, 72  # in less than so many cells only what a lead acts on is shown
_LEAST_NAME = 4


class _Columns(NamedTuple):
    """Cells of what stands before the overdue ones and the skills."""

    name: int
    state: int
    squares: int  # 0: left out
    figures: int


def _columns(figures: int, late: int, width: int) -> _Columns:
    """The columns in a line of so many cells. Figures and what is overdue, of so many cells each, are never cut: what
    they need is taken from the squares, then from the words of the state, and on a narrow page from the name."""
    figures = max(_LEAST_FIGURES, figures)
    if width < _NARROW:
        left = width - len(f"      ● {' ' * _STATE_SHORT} ") - figures - (late + 1 if late else 0)
        return _Columns(max(_LEAST_NAME, min(_NAME_SHORT, left)), _STATE_SHORT, 0, figures)
    left = width - len(f"    {' ' * _NAME}  ● {' ' * _STATE} {' ' * _SINCE}  ") - figures - 2 - late - 2
    has_squares = left > _MOST_SQUARES
    state = _STATE if left >= 0 else max(_STATE_SHORT, _STATE + left)
    return _Columns(_NAME, state, _MOST_SQUARES if has_squares else 0, figures)


def team_entries(model: Model, listing: Listing, now: int, width: int) -> list[tuple[str | None, list[Line]]]:
    """Every agent with presence, time since it changed, load and skills. First those with overdue conversations, then
    those who have some and are not there.

    Loads are counted from the rows where all are here; else they are those of the core's latest answer.
    """

    def rank(agent: AgentView) -> tuple[int, bool, int, str, str]:
        is_there, has = agent.presence == "online", owned(model, listing, agent.id) or 0
        late = listing.overdue(agent.id)
        return -late, is_there or not has, _ORDER.get(agent.presence, 3), agent.name, agent.id

    agents = sorted(model.agents.by_id.values(), key=rank)
    there = sum(agent.presence == "online" for agent in agents)
    mine = f" · you are {with_article(model.agents.role)}" if model.agents.role else ""
    numbers = f"{count(len(agents), 'agent')}, {there} online{mine}"
    head: Line = [(f"    {one_line(numbers, width - 5)}", "muted")]
    columns = _columns(
        max((len(_figures(owned(model, listing, agent.id), agent.capacity)) for agent in agents), default=0),
        max((len(_late(listing.overdue(agent.id), width)) for agent in agents), default=0),
        width,
    )
    titles = f"    {'name':<{columns.name}}  {'state':<{columns.state + 2}}"
    if width >= _NARROW:
        has = columns.figures + (columns.squares + 1 if columns.squares else 0)
        titles += f"{'since':>{_SINCE + 1}}  {'has':<{has}}  skills"
    else:
        titles += " has"
    return [
        (None, [[], head, [], [(titles, "faint")]]),
        *((agent.id, [_agent(model, agent, listing, now, columns, width)]) for agent in agents),
    ]


def owned(model: Model, listing: Listing, agent: str) -> int | None:
    """How many conversations an agent owns; None while that is not known."""
    me = model.agents.me
    if model.others.is_complete or (me is not None and agent == me.id):
        return listing.owned(agent)
    return None if model.others.loads is None else model.others.loads.get(agent, 0)


def _agent(model: Model, agent: AgentView, listing: Listing, now: int, columns: _Columns, width: int) -> Line:
    is_online, is_me = agent.presence == "online", model.agents.me is not None and agent.id == model.agents.me.id
    has, late = owned(model, listing, agent.id), _late(listing.overdue(agent.id), width)
    sign, role = ("●", "good") if is_online else ("○", "warn" if agent.presence in _ORDER else "muted")
    since = duration(now - agent.since) if agent.since else ""
    mark = " (you)" if is_me and width >= _NARROW else ""
    name = fit(f"{one_line(agent.name, columns.name - len(mark))}{mark}", columns.name)
    line: Line = [
        ("    ", ""),
        (name, "strong" if is_online else "muted"),
        (f"  {sign} {fit(presence_words(agent), columns.state)}", role),
    ]
    load = _load_role(has, agent.capacity, is_online)
    figures = f"{_figures(has, agent.capacity):<{columns.figures}}"
    if width < _NARROW:
        return [*line, (f" {figures}", load), (f" {late}" if late else "", "bad")]
    line.append((f" {since:>{_SINCE}}  ", "muted"))
    if columns.squares:
        line.append((f"{_squares(has, agent.capacity):<{columns.squares}} ", load))
    line.append((f"{figures}  ", load or "muted"))
    if late:
        line.append((f"{late}  ", "bad"))
    room = width - line_width(line) - 2
    return [*line, (one_line(", ".join(agent.skills) or "every skill", max(0, room)), "muted")]


def _late(late: int, width: int) -> str:
    """How many of an agent's conversations are overdue."""
    if not late:
        return ""
    return f"{late:,} overdue" if width >= _NARROW else f"!{late}"


def _figures(has: int | None, capacity: int) -> str:
    return "…" if has is None else f"{has} of {capacity}"


def _squares(has: int | None, capacity: int) -> str:
    """Places as squares where they are few."""
    if has is None or capacity > _MOST_SQUARES:
        return ""
    return "■" * min(has, capacity) + "□" * max(0, capacity - has)


def _load_role(has: int | None, capacity: int, is_online: bool) -> str:
    if not has:
        return "muted"
    return "warn" if is_online and has >= capacity else "" if is_online else "bad"
