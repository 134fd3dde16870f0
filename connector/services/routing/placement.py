"""Placing conversations: with the best agent available, ringing, or in the queue with the reason."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.agent import Agent
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.load import FULL_WEIGHT, current_capacity, has_room
from connector.domain.routing import Candidate, choose, effective_skill
from connector.domain.skills import RingMode, Rules
from connector.services import save
from connector.store.ports import Reading, Transaction
from connector.store.values import Fact
from connector.wire import events
from connector.wire.views import ConversationView

# How many of the first in a skill's queue are looked at at once. Those behind them are looked at as soon as one of
# these has been placed.
_QUEUE_WINDOW = 50


class StaffLoads:
    """Who is there, and what they have to do: read once, and kept true while conversations are placed."""

    def __init__(self, agents: Collection[Agent], live: Collection[str], loads: dict[str, int]) -> None:
        self.agents = {agent.id: agent for agent in agents}
        self._live = live
        self._loads = loads

    def candidates(self) -> list[Candidate]:
        return [
            Candidate(agent, agent.id in self._live, self._loads.get(agent.id, 0)) for agent in self.agents.values()
        ]

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

    def has_room(self, skill: str, rules: Rules, now: int) -> bool:
        """Whether somebody could take one of this skill, or of the fallback that is asked instead."""
        candidates = self.candidates()
        asked, _ = effective_skill(skill, candidates, rules)
        return asked is not None and any(
            one.is_online and one.agent.has(asked) and room(one, rules, asked, now) for one in candidates
        )


def floor(source: Transaction | Reading, now: int, placing: str | None = None) -> StaffLoads:
    """As it is now. What rings at an agent counts as if it were theirs, so that no two ring for one place, except for
    the conversation that is being placed anew."""
    people = source.staff(now)
    found = StaffLoads(people.agents, people.connected, {agent: load.weight for agent, load in people.loads.items()})
    for conversation in people.ringing:
        if conversation.id != placing:
            found.ring(conversation.rings)
    return found


class Placement:
    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def place(
        self, tx: Transaction, conversation: Conversation, now: int, on: StaffLoads | None = None
    ) -> Conversation:
        """The conversation as routing leaves it: assigned, ringing, or queued with the reason. The caller keeps it."""
        on = on or floor(tx, now, conversation.id)
        candidates = on.candidates()
        is_anybody_there = any(one.is_online for one in candidates)
        latest_owner = tx.conversations.latest_owner(conversation.consumer) if is_anybody_there else None
        choice = choose(conversation, candidates, self._rules, latest_owner, now)
        if not choice.agents:
            return transitions.with_reason(conversation, choice.reason)
        rules = self._rules.of(choice.skill)
        if rules.ring is RingMode.RING_ALL and len(choice.agents) > 1:
            reason = f"rings at everybody with room: {', '.join(choice.agents)}"
            conversation = _round(conversation, choice.agents)
            on.ring(choice.agents)
            return transitions.ringing(conversation, choice.agents, now + rules.ring_s * 1000, reason)
        best = choice.agents[0]
        if (agent := on.give(best, now)) is not None:
            tx.agents.save(agent)
        if rules.ring is RingMode.AUTO:
            return transitions.assigned(conversation, best, choice.reason, now)
        conversation = _round(conversation, (best,))
        return transitions.ringing(conversation, (best,), now + rules.ring_s * 1000, choice.reason)

    def drain(self, tx: Transaction, now: int, on: StaffLoads | None = None) -> None:
        """Offer waiting conversations to whoever has become free, the first of each skill's queue first.

        A skill that nobody has online must not stand before the others.
        """
        skills = tx.conversations.queued_skills()
        if not skills:
            return
        on = on or floor(tx, now)
        for skill in skills:
            while self._offer_first(tx, skill, now, on):
                pass

    def _offer_first(self, tx: Transaction, skill: str, now: int, on: StaffLoads) -> bool:
        """Offer the first of a queue while there is room; says whether more might be placed."""
        if not on.has_room(skill, self._rules, now):
            return False
        has_placed = False
        for waiting in tx.conversations.queued(_QUEUE_WINDOW, skill):
            if self._offer(tx, waiting, now, on):
                has_placed = True
            elif not on.has_room(skill, self._rules, now):
                return False
        return has_placed

    def _offer(self, tx: Transaction, waiting: Conversation, now: int, on: StaffLoads) -> bool:
        placed = self.place(tx, waiting, now, on)
        if placed.state is ConversationState.QUEUED:
            return False
        placed = save.update(tx, self._rules, placed)
        tx.facts.append([self.placed(tx, placed, now)])
        return True

    def settle(self, tx: Transaction, conversation: Conversation, now: int) -> Conversation:
        """Place it, keep it and tell where it is now."""
        placed = save.update(tx, self._rules, self.place(tx, conversation, now))
        tx.facts.append([self.placed(tx, placed, now)])
        return placed

    def placed(self, tx: Transaction, conversation: Conversation, now: int, also_rang: Collection[str] = ()) -> Fact:
        """The fact of where it is: assigned, ringing or queued."""

        def event(view: ConversationView) -> events.Event:
            match conversation.state:
                case ConversationState.ASSIGNED:
                    return events.ConversationAssigned(view, list(also_rang))
                case ConversationState.RINGING:
                    return events.ConversationRang(view)
            return events.ConversationQueued(view)

        return save.fact(tx, self._rules, conversation, event, now)


def _round(conversation: Conversation, agents: Collection[str]) -> Conversation:
    """Once it has rung in vain at everybody, a new round begins."""
    return replace(conversation, tried=()) if set(agents) <= set(conversation.tried) else conversation


def room(candidate: Candidate, rules: Rules, skill: str, now: int) -> bool:
    return has_room(candidate.load, current_capacity(candidate.agent, rules.of(skill), now))
