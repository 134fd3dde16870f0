"""The port for what desks are sent at their start and page through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from connector.domain.agent import Agent
from connector.domain.consent.entries import LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.domain.rights import Visibility
from connector.store.values import ConversationCount, HeldWork, PageScope, PastConversation, QueuedWork


class DeskPages(Protocol):
    """What desks are sent at their start and ask for later. Each page is read by id: by where conversations stand in a
    list, one that moves between two pages would be read twice or never."""

    def open_of_agent(self, agent: str) -> list[Conversation]:
        """Open ones that the agent owns, that ring at them, or that they joined."""

    def first_queued(self, scope: PageScope, limit: int) -> list[Conversation]:
        """The first in the queues: by `rank`, then `id`; of all accounts."""

    def urgent(self, scope: PageScope, limit: int) -> list[Conversation]:
        """Of each kind of those that need somebody the first `limit`, in no order: whose answer is overdue or due soon,
        that ring, with a reply that was not sent, with a text that may be an opt-out, and of the queues."""

    def open_after(
        self, states: Sequence[ConversationState], scope: PageScope, after: str, limit: int
    ) -> list[Conversation]:
        """Those in these states with ids above `after`, by id."""

    def closed_after(self, agent: str, since: int, scope: PageScope, after: str, limit: int) -> list[Conversation]:
        """Those closed at `since` or later with ids above `after`, by id: in this scope, or of this owner."""

    def closed_of_agent(self, agent: str, since: int, after: str, limit: int) -> list[Conversation]:
        """Those of this owner closed at `since` or later with ids above `after`, by id."""

    def of_others_before(
        self, agent: str, scope: PageScope, before: str | None, since: int, limit: int
    ) -> list[Conversation]:
        """Those of other owners, and those closed at `since` or later, with ids below `before`, newest first."""

    def held_counts(self) -> list[ConversationCount]:
        """Of conversations with an owner: assigned, or in wrap-up."""

    def held_work(self) -> list[HeldWork]:
        """Of conversations with an owner."""

    def queued_work(self) -> list[QueuedWork]:
        """Of conversations in a queue."""

    def closed_counts(self, since: int) -> list[ConversationCount]:
        """Of conversations closed at this time or later."""

    def owned_count(self, agent: str) -> int: ...

    def agents(self) -> list[Agent]:
        """All agents, by id."""

    def connected(self, now: int) -> frozenset[str]:
        """Agents with a desk that counts."""
        ...

    def silent(self, now: int) -> frozenset[str]:
        """Agents with a desk whose line is silent."""
        ...

    def visibilities(self, ids: Collection[str]) -> dict[str, Visibility]:
        """By id; without those of no conversation."""

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        """Of all conversations with this person, by id."""

    def past_with(self, person: str) -> list[PastConversation]:
        """All conversations with this person, the latest opened first."""

    def history_in(self, conversations: Collection[str], person: str, before: str | None, limit: int) -> list[Message]:
        """As `Reading.history`, of these conversations alone."""

    def tagged_of_late(self, limit: int) -> list[tuple[Visibility, tuple[str, ...]]]:
        """Who may see them, and the tags: of the latest `limit` conversations of each open state, and of as many that
        were closed last; those without tags are left out."""

    def history_in_after(self, conversations: Collection[str], person: str, after: str, limit: int) -> list[Message]:
        """As `Reading.history_after`, of these conversations alone."""
        ...

    def opted_out_among(self, persons: Collection[str]) -> frozenset[str]: ...

    def likely_among(self, persons: Collection[str]) -> dict[str, LikelyOptOut]:
        """By person."""
        ...
