"""Agents, desks and loads, read once and carried forward by each write: routing asks for all of them at each text."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.domain.agent import Agent, Desk
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.load import FULL_WEIGHT, weight
from connector.store.values import Load, Staff

_WITH_OWNER = (ConversationState.ASSIGNED, ConversationState.WRAP_UP)


class HeldConversation(Struct, frozen=True):
    """A conversation that has an owner, as far as it counts for their load."""

    id: str
    agent: str
    idle_since: int | None
    light_at: int | None
    light: int

    @property
    def is_full(self) -> bool:
        """Whether it has its full weight at any time."""
        return self.idle_since is None or self.light_at is None


class AgentLoad:
    """The conversations of one agent, and the sum of their weights at any time.

    Most weights do not change with time: those of waiting consumers, and those of consumers silent for long. Only the
    others are weighed each time.
    """

    def __init__(self) -> None:
        self._full: set[str] = set()
        self._falling: dict[str, HeldConversation] = {}
        self._light: dict[str, HeldConversation] = {}
        self._light_sum = 0
        self._light_from = 0  # from this time on, the sum above is right
        self._steady: Load | None = None  # the load at any such time, while none is falling

    def add(self, held: HeldConversation) -> None:
        self._steady = None
        if held.is_full:
            self._full.add(held.id)
        else:
            self._falling[held.id] = held

    def remove(self, conversation_id: str) -> None:
        self._steady = None
        self._full.discard(conversation_id)
        self._falling.pop(conversation_id, None)
        if (light := self._light.pop(conversation_id, None)) is not None:
            self._light_sum -= light.light

    def at(self, now: int) -> Load:
        if self._steady is not None and now >= self._light_from:
            return self._steady
        if now < self._light_from:  # the clock was set back
            self._falling |= self._light
            self._light, self._light_sum, self._light_from = {}, 0, 0
        falling = 0
        for held in [*self._falling.values()]:
            if held.light_at is not None and held.light_at <= now:
                self._light[held.id] = self._falling.pop(held.id)
                self._light_sum += held.light
                self._light_from = max(self._light_from, held.light_at)
            else:
                falling += weight(held, now)
        count = len(self._full) + len(self._falling) + len(self._light)
        load = Load(count, len(self._full) * FULL_WEIGHT + self._light_sum + falling)
        self._steady = None if self._falling else load
        return load


class KnownStaff:
    """See `ports.Transaction.staff`."""

    def __init__(
        self,
        agents: Iterable[Agent],
        desks: Iterable[Desk],
        held: Iterable[HeldConversation],
        ringing: Iterable[Conversation],
    ) -> None:
        self._agents = {agent.id: agent for agent in agents}
        self._desks = {desk.id: desk for desk in desks}
        self._ringing = {conversation.id: conversation for conversation in ringing}
        self._owners: dict[str, str] = {}  # of conversations
        self._loads: dict[str, AgentLoad] = {}
        for one in held:
            self._hold(one)

    def at(self, now: int) -> Staff:
        loads = {agent: load.at(now) for agent, load in self._loads.items()}
        live = [desk for desk in self._desks.values() if desk.lease_until > now]
        return Staff(
            agents=tuple(self._agents[agent_id] for agent_id in sorted(self._agents)),
            connected=frozenset(desk.agent for desk in live if not desk.is_silent),
            silent=frozenset(desk.agent for desk in live if desk.is_silent),
            loads={agent: load for agent, load in loads.items() if load.count},
            ringing=tuple(self._ringing[conversation_id] for conversation_id in sorted(self._ringing)),
        )

    def agent(self, agent_id: str) -> Agent | None:
        return self._agents.get(agent_id)

    def set_agent(self, agent: Agent) -> None:
        self._agents[agent.id] = agent

    def set_desk(self, desk: Desk) -> None:
        self._desks[desk.id] = desk

    def remove_desk(self, desk_id: str) -> None:
        self._desks.pop(desk_id, None)

    def set_conversation(self, one: Conversation) -> None:
        if (owner := self._owners.pop(one.id, None)) is not None:
            self._loads[owner].remove(one.id)
        self._ringing.pop(one.id, None)
        if one.state in _WITH_OWNER and one.agent is not None:
            self._hold(HeldConversation(one.id, one.agent, one.idle_since, one.light_at, one.light))
        elif one.state is ConversationState.RINGING:
            self._ringing[one.id] = one

    def _hold(self, held: HeldConversation) -> None:
        self._owners[held.id] = held.agent
        self._loads.setdefault(held.agent, AgentLoad()).add(held)
