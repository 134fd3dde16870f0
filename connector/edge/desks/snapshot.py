"""The snapshot from which a desk starts that cannot resume, page by page.

The first has what the agent needs at once: agents, their own conversations, and the beginning of the queue. The others
are read by id, each in a short transaction of its own and with the rights that hold there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from connector.domain.conversation import Conversation, ConversationState
from connector.domain.rights import Rights, Visibility, visibility_of
from connector.services import views
from connector.services.conversations.listing import conversation_views, owned_counts, scope_of
from connector.services.on_call.alert_views import alert_view, may_see
from connector.services.settings import BrandSettings
from connector.store.ports import Reading
from connector.store.values import ConversationCount
from connector.wire import frames, limits
from connector.wire.views import AgentView, AlertView

_WAITING = (ConversationState.QUEUED, ConversationState.RINGING)
_HELD = (ConversationState.ASSIGNED, ConversationState.WRAP_UP)
_PAGE = limits.CONVERSATIONS_PAGE

# The next conversations of a list with ids above one, at most so many.
_List = Callable[[Reading, str, int], list[Conversation]]


class SnapshotPage(Struct, frozen=True):
    """A frame as of a position. `is_last`: no page follows."""

    text: str
    position: int
    is_last: bool


class Snapshot:
    """The pages for one desk. Call `first`, then `next` until a page is the last, each in a transaction.

    `with_others`: with colleagues' conversations and closed ones, and every frame as of the first position, so that
    the events after it can follow the last page. Without: each as of its own, and the events up to it come before it.
    """

    def __init__(self, rights: Rights, brand: BrandSettings, now: int, *, with_others: bool) -> None:
        self.count = 0  # conversations in the pages so far
        self._rights = rights
        self._brand = brand
        self._now = now
        self._closed_since = now - limits.CLOSED_LISTED_MS
        self._with_others = with_others
        self._position = 0
        self._sent: set[str] = set()  # in the first page
        self._after = ""
        self._lists: list[_List] = [partial(self._open, _WAITING), self._closed_of_agent]
        if with_others:
            self._lists = [partial(self._open, (*_WAITING, *_HELD)), self._closed]

    def first(self, reading: Reading) -> SnapshotPage:
        pages, rights = reading.desk_pages, self._rights
        self._position = reading.position()
        own = pages.open_of_agent(rights.agent)
        queue = [one for one in pages.first_queued(scope_of(rights), _PAGE) if rights.may_see(visibility_of(one))]
        chosen = {one.id: one for one in (*own, *queue)}
        self._sent = set(chosen)
        held = pages.held_counts()
        found = [*chosen.values(), *self._next(reading, _PAGE - len(chosen))]
        return self._page(
            reading,
            found,
            agents=self._agents(reading, held),
            held_by_others={} if self._with_others else self._held_by_others(reading, held, own),
            alerts=self._alerts(reading),
        )

    def next(self, reading: Reading) -> SnapshotPage:
        if not self._with_others:
            self._position = reading.position()
        return self._page(reading, self._next(reading, _PAGE))

    def _page(
        self,
        reading: Reading,
        found: Sequence[Conversation],
        agents: Sequence[AgentView] = (),
        held_by_others: dict[str, int] | None = None,
        alerts: Sequence[AlertView] = (),
    ) -> SnapshotPage:
        self.count += len(found)
        frame = frames.SnapshotFrame(
            position=self._position,
            more=bool(self._lists),
            agents=list(agents),
            conversations=conversation_views(reading, found, self._brand),
            held_by_others=held_by_others or {},
            alerts=list(alerts),
        )
        return SnapshotPage(frames.encode(frame), self._position, is_last=not self._lists)

    def _next(self, reading: Reading, room: int) -> list[Conversation]:
        """The next of the lists that have any left, without those of the first page; at most `room`."""
        found: list[Conversation] = []
        while self._lists and len(found) < room:
            limit = room - len(found)
            some = self._lists[0](reading, self._after, limit)
            found += [one for one in some if one.id not in self._sent and self._rights.may_see(visibility_of(one))]
            self._after = some[-1].id if some else ""
            if len(some) < limit:
                del self._lists[0]
                self._after = ""
        return found

    def _open(
        self, states: Sequence[ConversationState], reading: Reading, after: str, limit: int
    ) -> list[Conversation]:
        return reading.desk_pages.open_after(states, scope_of(self._rights), after, limit)

    def _closed(self, reading: Reading, after: str, limit: int) -> list[Conversation]:
        scope = scope_of(self._rights)
        return reading.desk_pages.closed_after(self._rights.agent, self._closed_since, scope, after, limit)

    def _closed_of_agent(self, reading: Reading, after: str, limit: int) -> list[Conversation]:
        return reading.desk_pages.closed_of_agent(self._rights.agent, self._closed_since, after, limit)

    def _agents(self, reading: Reading, held: Sequence[ConversationCount]) -> list[AgentView]:
        connected, silent = reading.desk_pages.connected(self._now), reading.desk_pages.silent(self._now)
        owned = owned_counts(held, self._rights)
        return [
            views.agent_view(
                agent,
                is_connected=agent.id in connected,
                is_silent=agent.id in silent,
                assigned=owned.get(agent.id, 0),
            )
            for agent in reading.desk_pages.agents()
            if self._rights.shows(agent)
        ]

    def _alerts(self, reading: Reading) -> list[AlertView]:
        found = (alert for alert in reading.alerts.open() if may_see(self._rights, alert, self._brand))
        return [alert_view(alert, self._brand) for alert in found]

    def _held_by_others(
        self, reading: Reading, held: Sequence[ConversationCount], own: Sequence[Conversation]
    ) -> dict[str, int]:
        """How many the pages leave out, by owner; of closed ones under an empty name."""
        found: Counter[str] = Counter()
        for one in held:
            if self._is_others(one):
                found[one.agent or ""] += one.count
        for joined in own:  # the counts have them, and so has the first page
            one = ConversationCount(joined.agent, joined.account, joined.skill, 1)
            if joined.state in _HELD and self._is_others(one):
                found[joined.agent or ""] -= 1
        closed = sum(one.count for one in reading.desk_pages.closed_counts(self._closed_since) if self._is_others(one))
        return {owner: count for owner, count in [*found.items(), ("", closed)] if count}

    def _is_others(self, count: ConversationCount) -> bool:
        if count.agent == self._rights.agent:
            return False
        return self._rights.may_see(Visibility(count.account, count.skill, (count.agent or "",)))
