"""The team: who is online, since when, and what they have; first who needs the lead."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.views import AgentView
from tui.draw.bars import presence_words
from tui.draw.format import Line, Span, duration, fit, line_width
from tui.model.conversations import with_article
from tui.model.listing import Listing
from tui.model.state import Model

_ORDER = {"online": 0, "back_soon": 1, "away": 2}
_MOST_SQUARES = 8
_LOAD = _MOST_SQUARES + 9
_NAME, _STATE, _SINCE = 16, 18, 5
_NAME_SHORT, _STATE_SHORT, _NARROW = 12, 7, 72  # in less than so many cells only what a lead acts on is shown


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
    titles = (
        f"    {'name':<{_NAME}}  {'state':<{_STATE + 2}}{'since':>{_SINCE + 1}}  {'has':<{_MOST_SQUARES + 9}}skills"
        if width >= _NARROW
        else f"    {'name':<{_NAME_SHORT}}  {'state':<{_STATE_SHORT + 2}} has"
    )
    return [
        (None, [[], head, [], [(titles, "faint")]]),
        *((agent.id, [_agent(model, agent, listing, now, width)]) for agent in agents),
    ]


def owned(model: Model, listing: Listing, agent: str) -> int | None:
    """How many conversations an agent owns; None while that is not known."""
    me = model.agents.me
    if model.others.is_complete or (me is not None and agent == me.id):
        return listing.owned(agent)
    return None if model.others.loads is None else model.others.loads.get(agent, 0)


def _agent(model: Model, agent: AgentView, listing: Listing, now: int, width: int) -> Line:
    is_online, is_me = agent.presence == "online", model.agents.me is not None and agent.id == model.agents.me.id
    has, late = owned(model, listing, agent.id), listing.overdue(agent.id)
    sign, role = ("●", "good") if is_online else ("○", "warn" if agent.presence in _ORDER else "muted")
    since = duration(now - agent.since) if agent.since else ""
    name_room, state_room = (_NAME, _STATE) if width >= _NARROW else (_NAME_SHORT, _STATE_SHORT)
    mark = " (you)" if is_me and width >= _NARROW else ""
    name = fit(f"{one_line(agent.name, name_room - len(mark))}{mark}", name_room)
    line: Line = [
        ("    ", ""),
        (name, "strong" if is_online else "muted"),
        (f"  {sign} {fit(presence_words(agent), state_room)}", role),
    ]
    if width < _NARROW:
        role = _load_role(has, agent.capacity, is_online)
        return [*line, (f" {_figures(has, agent.capacity)}", role), (f"!{late}" if late else "", "bad")]
    line += [(f" {since:>{_SINCE}}  ", "muted"), *_load(has, agent.capacity, is_online)]
    if late:
        line.append((f"{late:,} overdue  ", "bad"))
    room = width - line_width(line) - 2
    return [*line, (one_line(", ".join(agent.skills) or "every skill", max(0, room)), "muted")]


def _figures(has: int | None, capacity: int) -> str:
    return f"{'…' if has is None else f'{has} of {capacity}':<8}"


def _load_role(has: int | None, capacity: int, is_online: bool) -> str:
    if not has:
        return "muted"
    return "warn" if is_online and has >= capacity else "" if is_online else "bad"


def _load(has: int | None, capacity: int, is_online: bool) -> list[Span]:
    """Places as squares where they are few, and in figures."""
    if has is None:
        return [(f"{'…':<{_LOAD}}", "muted")]
    role = _load_role(has, capacity, is_online)
    squares = "■" * min(has, capacity) + "□" * max(0, capacity - has) if capacity <= _MOST_SQUARES else ""
    return [(f"{squares:<{_MOST_SQUARES}}", role), (f" {_figures(has, capacity)}", role or "muted")]
