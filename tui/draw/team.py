"""The team page."""

from __future__ import annotations

from connector.base.counted import count
from connector.sms.text import one_line
from connector.wire.views import AgentView
from tui.draw.bars import presence_words
from tui.draw.format import Line, duration, fit
from tui.model.conversations import with_article
from tui.model.listing import Listing
from tui.model.state import Model

_ORDER = {"online": 0, "back_soon": 1, "away": 2}


def team_page(model: Model, listing: Listing, now: int, width: int) -> list[Line]:
    """Every agent with presence, time since it changed, load and skills.

    Loads are counted from the rows where all are here; else they are those of the core's latest answer.
    """
    agents = sorted(
        model.agents.by_id.values(), key=lambda agent: (_ORDER.get(agent.presence, 3), agent.name, agent.id)
    )
    there = sum(agent.presence == "online" for agent in agents)
    mine = f" · you are {with_article(model.agents.role)}" if model.agents.role else ""
    head: Line = [(f"  {count(len(agents), 'agent')}, {there} online{mine}", "muted")]
    titles = f"    {'name':<16}  {'state':<20}  {'since':>5}  {'has':>7}  skills"
    return [[], head, [], [(titles, "muted")], *(_agent(model, agent, listing, now, width) for agent in agents)]


def owned(model: Model, listing: Listing, agent: str) -> int | None:
    """How many conversations an agent owns; None while that is not known."""
    me = model.agents.me
    if model.others.is_complete or (me is not None and agent == me.id):
        return listing.owned(agent)
    return None if model.others.loads is None else model.others.loads.get(agent, 0)


def _agent(model: Model, agent: AgentView, listing: Listing, now: int, width: int) -> Line:
    is_online, is_me = agent.presence == "online", model.agents.me is not None and agent.id == model.agents.me.id
    has = owned(model, listing, agent.id)
    load = "…" if has is None else f"{has}"
    sign, role = ("●", "good") if is_online else ("○", "warn" if agent.presence in _ORDER else "muted")
    since = duration(now - agent.since) if agent.since else ""
    skills = ", ".join(agent.skills) or "every skill"
    name = f"{agent.name} (you)" if is_me else agent.name
    return [
        ("    ", ""),
        (fit(name, 16), "strong" if is_online else "muted"),
        (f"  {sign} {fit(presence_words(agent), 18)}", role),
        (f"  {since:>5}", "muted"),
        (f"  {f'{load} of {agent.capacity}':>7}", "warn" if has is not None and has >= agent.capacity else ""),
        (f"  {one_line(skills, max(4, width - 62))}", "muted"),
    ]
