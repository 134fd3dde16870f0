"""How much every agent has to do, as routing reads it."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from connector.domain.agent import Agent
from connector.domain.load import FULL_WEIGHT, current_capacity, has_room
from connector.domain.routing import Candidate, effective_skill, serving
from connector.domain.skill_rules import Rules
from connector.store.ports import Reading, Transaction
from connector.store.values import Staff


class StaffLoads:
    """The agents and their loads: read once, and carried forward while conversations are placed."""

    def __init__(self, agents: Collection[Agent], live: Collection[str], loads: dict[str, int]) -> None:
        self.agents = {agent.id: agent for agent in agents}
        self._live = live
        self._loads = loads

    def candidates(self) -> list[Candidate]:
        """All agents but those who are disabled, who are given nothing."""
        return [
            Candidate(agent, agent.id in self._live, self._loads.get(agent.id, 0))
            for agent in self.agents.values()
            if not agent.is_disabled
        ]

    def has_borders(self) -> bool:
        """Whether some agents do not serve all accounts."""
        return any(agent.accounts for agent in self.agents.values())

    def ring(self, agent_ids: Collection[str]) -> None:
        """One more rings at all of these."""
        for agent_id in agent_ids:
            self._loads[agent_id] = self._loads.get(agent_id, 0) + FULL_WEIGHT

    def give(self, agent_id: str, now: int) -> Agent | None:
        """One more is theirs, or rings at them alone."""
        self.ring((agent_id,))
        agent = self.agents.get(agent_id)
        if agent is None:
            return None
        self.agents[agent_id] = agent = replace(agent, assigned_at=now)
        return agent

    def has_room(self, skill: str, rules: Rules, now: int, account: str | None = None) -> bool:
        """Whether an agent could take one of this skill, or of the fallback that is asked instead; with `account`, one
        of that account."""
        candidates = self.candidates() if account is None else serving(account, self.candidates())
        asked, _ = effective_skill(skill, candidates, rules)
        return asked is not None and any(
            one.is_online and one.agent.has(asked) and has_place(one, asked, rules, now) for one in candidates
        )


def staff_loads(source: Transaction | Reading, now: int, *, placing: str | None = None) -> StaffLoads:
    """What rings at an agent counts as theirs, so that no two ring for one place; `placing` names a conversation that
    does not count, because it is being placed anew."""
    return loads_of(source.staff(now), placing=placing)


def loads_of(people: Staff, *, placing: str | None = None) -> StaffLoads:
    """See `staff_loads`."""
    found = StaffLoads(people.agents, people.connected, {agent: load.weight for agent, load in people.loads.items()})
    for conversation in people.ringing:
        if conversation.id != placing:
            found.ring(conversation.rings)
    return found


def has_place(candidate: Candidate, skill: str, rules: Rules, now: int) -> bool:
    """Whether one more of this skill fits on the agent's desk."""
    return has_room(candidate.load, current_capacity(candidate.agent, rules.of(skill), now))
