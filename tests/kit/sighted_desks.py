"""Model desks on real websockets: each folds what it is sent, and checks that its agent may see all of it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from connector.domain.agent import Agent, Role, Sees
from connector.domain.rights import rights_of
from connector.wire import events, frames
from connector.wire.views import ConversationView
from tests.kit.use_cases import Office

_MARKER = b'{"kind":"marker"}'
_HELD = ("assigned", "wrap_up")


class Seen(Struct, frozen=True):
    """What decides who may see a conversation at one position, and whether a snapshot without others' has it."""

    version: int
    account: str
    skill: str
    consumer: str
    state: str
    owner: str | None
    people: tuple[str, ...]

    def is_for(self, agent: Agent) -> bool:
        """Whether the agent may see it: the rule of docs/protocol.md, written a second time."""
        if _sees_everything(agent) or agent.id in self.people:
            return True
        has_account = not agent.accounts or self.account in agent.accounts
        has_skill = not agent.skills or self.skill in agent.skills
        return has_account and (agent.sees is Sees.ACCOUNT or has_skill)

    def is_sent_at_once(self, agent: Agent) -> bool:
        """Also to desks that are sent no others'."""
        return agent.id in self.people or self.state in ("queued", "ringing")


def _sees_everything(agent: Agent) -> bool:
    return agent.role is Role.ADMINISTRATOR or agent.sees is Sees.ALL or not (agent.accounts or agent.skills)


def _has_same_rights(one: Agent, other: Agent) -> bool:
    return rights_of(one) == rights_of(other) and one.is_disabled == other.is_disabled


def _seen(view: ConversationView) -> Seen:
    people = (*([view.agent] if view.agent else []), *view.rings, *view.joined)
    return Seen(view.version, view.account, view.skill, view.consumer, view.state, view.agent, people)


class Truth:
    """All facts by position, and the agents over time."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.position = 0
        self.agents: dict[str, dict[int, Agent]] = {}  # by name, and the position of each change of rights
        self.counted: Counter[str] = Counter()
        self.private: dict[int, str] = {}  # positions of what is for one agent's desks alone, and who that is
        self._conversations: dict[str, dict[int, Seen]] = {}

    async def follow(self) -> None:
        changed: dict[str, int] = {}
        for row in await self.office.store.read(lambda reading: reading.facts_after(self.position, 1_000_000)):
            self.position = row.position
            event = frames.decode_event(row.fact.body)
            view = getattr(event, "conversation", None)
            seen = json.loads(row.fact.visibility or "{}")
            if isinstance(seen, dict) and seen.get("is_private"):
                self.private[row.position] = seen["agent"]
            if isinstance(view, ConversationView):
                self._conversations.setdefault(view.id, {})[row.position] = _seen(view)
            elif isinstance(event, events.AgentChanged):
                changed.setdefault(event.agent.id, row.position)
        for agent in await self.office.store.read(lambda reading: reading.desk_pages.agents()):
            known = self.agents.setdefault(agent.id, {})
            if not known or not _has_same_rights(known[max(known)], agent):
                known[changed[agent.id]] = agent

    def at(self, conversation: str, position: int) -> Seen | None:
        known = self._conversations.get(conversation, {})
        return known.get(max((at for at in known if at <= position), default=0))

    def all_at(self, position: int) -> dict[str, Seen]:
        found = {key: self.at(key, position) for key in self._conversations}
        return {key: seen for key, seen in found.items() if seen is not None}

    def since(self, conversation: str, position: int) -> list[Seen]:
        """What it was at this position, and all it has been since."""
        known = self._conversations.get(conversation, {})
        at_first = self.at(conversation, position)
        return [*([at_first] if at_first else []), *(seen for at, seen in known.items() if at > position)]

    def with_consumer(self, consumer: str, position: int) -> list[Seen]:
        """What the conversations with this consumer were at this position, and all they have been since."""
        return [seen for key in self._conversations for seen in self.since(key, position) if seen.consumer == consumer]

    def stored(self, agent: str) -> Agent:
        known = self.agents[agent]
        return known[max(known)]


class ModelDesk:
    """One desk, over any number of connections."""

    def __init__(self, truth: Truth, agent: str, *, with_others: bool, takes_batches: bool) -> None:
        self.truth = truth
        self.agent = agent
        self.with_others = with_others
        self.takes_batches = takes_batches
        self.position: int | None = None
        self.rights: str | None = None  # digest of those its state was made under
        self.held: dict[str, Seen] = {}
        self.closed_with: int | None = None
        self._in_snapshot = self._is_ahead = False
        self._inbox: list[bytes] = []

    def attach(self, client: ClientConnection, server: ServerConnection, stored: Agent, admitted_at: int) -> None:
        self._client, self._server = client, server
        self._stored, self._admitted_at = stored, admitted_at
        self._marked = asyncio.Event()
        self.closed_with = None
        self._reader = asyncio.get_running_loop().create_task(self._read(client))

    async def leave(self) -> None:
        """What was sent before is to be folded then."""
        await self._client.close()
        await self._reader

    async def ended(self) -> None:
        """Its connection has been closed."""
        await self._reader

    async def settle(self) -> None:
        """Fold all that has been sent to it."""
        self._marked.clear()
        try:
            await self._server.send(_MARKER, text=True)
            marked = asyncio.get_running_loop().create_task(self._marked.wait())
            await asyncio.wait([marked, self._reader], return_when=asyncio.FIRST_COMPLETED)
            marked.cancel()
        except ConnectionClosed:
            await self._reader
        self.fold_all()

    async def _read(self, socket: ClientConnection) -> None:
        try:
            while True:
                data = await socket.recv(decode=False)
                if data == _MARKER:
                    self._marked.set()
                else:
                    self._inbox.append(data)
        except ConnectionClosed as closed:
            self.closed_with = closed.rcvd.code if closed.rcvd else 1006

    def fold_all(self) -> None:
        """Fold what has come. All facts up to it have been read into the truth."""
        data, self._inbox = self._inbox, []
        for one in data:
            for frame in frames.decode_from_core(one):
                self.truth.counted[f"frame: {type(frame).__name__}"] += 1
                self._fold(frame)
        if self.closed_with is not None and self._in_snapshot:
            self.position, self._in_snapshot = None, False  # half of one is nothing to resume from

    def _fold(self, frame: frames.FromCore) -> None:
        match frame:
            case frames.SnapshotFrame():
                self._fold_page(frame)
            case frames.PositionFrame(position=position):
                assert self.position is not None and position >= self.position
                self.position = position
            case frames.EventFrame():
                assert self.position is not None and frame.position > self.position, "twice, or out of order"
                self.position = frame.position
                self._demand_rights_at(frame.position)
                self._fold_event(frame.position, frame.body)
            case _:
                raise AssertionError(f"unexpected {frame}")
        self._demand_exact()

    def _fold_page(self, frame: frames.SnapshotFrame) -> None:
        if not self._in_snapshot:
            self.held.clear()
            there = self.truth.all_at(frame.position).values()
            left_out = [one for one in there if one.is_for(self._stored) and not one.is_sent_at_once(self._stored)]
            owners = Counter("" if one.state == "closed" else one.owner or "" for one in left_out)
            assert frame.held_by_others == ({} if self.with_others else dict(owners))
            self._demand_agents(one.id for one in frame.agents)
        self._in_snapshot, self._is_ahead = frame.more, self.with_others
        for view in frame.conversations:
            self._take(view)
        self.position = frame.position

    def _fold_event(self, position: int, event: events.Event) -> None:
        kind = type(event).__name__
        self.truth.counted[kind] += 1
        view = getattr(event, "conversation", None)
        match event:
            case _ if isinstance(view, ConversationView):
                self._take(view)
            case events.ConversationHidden(conversation_id=key):
                before = self.truth.at(key, position - 1)
                assert before is not None and before.is_for(self._stored), f"{self.agent} was told of {key}"
                self.held.pop(key, None)
            case events.StatusMoved(conversation_id=key) | events.PictureMoved(conversation_id=key):
                since = self.truth.since(key, position)
                assert any(one.is_for(self._stored) for one in since), f"{self.agent} was told of {key}"
            case events.ConsentChanged(consumer=consumer):
                theirs = self.truth.with_consumer(consumer, position)
                may_know = _sees_everything(self._stored) or any(one.is_for(self._stored) for one in theirs)
                assert may_know, f"{self.agent} was sent the number {consumer}"
            case events.AgentChanged(agent=agent):
                self._demand_agents([agent.id])
            case events.DraftChanged() | events.Mentioned() | events.MentionsSeen():
                assert self.truth.private[position] == self.agent, f"{self.agent} was told what is for another"
            case _:
                raise AssertionError(f"unexpected {kind}")

    def _take(self, view: ConversationView) -> None:
        seen = _seen(view)
        assert seen.is_for(self._stored), f"{self.agent} was sent {view.id}"
        if view.id not in self.held or self.held[view.id].version <= seen.version:
            self.held[view.id] = seen

    def _demand_agents(self, names: Iterable[str]) -> None:
        mine = set(self._stored.accounts)
        for name in set(names) - {self.agent}:
            theirs = [set(one.accounts) for one in self.truth.agents[name].values()]
            shares = any(not mine or not accounts or mine & accounts for accounts in theirs)
            assert _sees_everything(self._stored) or shares, f"{self.agent} was told of {name}"

    def _demand_rights_at(self, position: int) -> None:
        changes = self.truth.agents[self.agent].items()
        ends = [at for at, one in changes if at > self._admitted_at and not _has_same_rights(one, self._stored)]
        assert position < min(ends, default=position + 1), f"{self.agent} was sent facts after their rights changed"

    def _demand_exact(self) -> None:
        """What the desk holds is at any moment what was there at its position, and may be seen there. The pages of a
        snapshot with others' are ahead of the events that follow it."""
        if self._is_ahead:
            return
        assert self.position is not None
        for key, seen in self.held.items():
            now = self.truth.at(key, self.position)
            assert now is not None and seen.version == now.version, f"{self.agent} holds an old {key}"
            assert now.is_for(self._stored), f"{self.agent} still holds {key}"

    def demand_complete(self) -> None:
        """It holds all that its agent may see now, or at least what it is sent at once."""
        self._is_ahead = False
        self._demand_exact()
        visible = {key: one for key, one in self.truth.all_at(self.truth.position).items() if one.is_for(self._stored)}
        missing = visible.keys() - self.held.keys()
        assert self.held.keys() <= visible.keys()
        if self.with_others:
            assert not missing, f"{self.agent} was not sent {missing}"
        assert not [key for key in missing if visible[key].is_sent_at_once(self._stored)]

    def demand_listed(self, listed: set[str]) -> None:
        """Asked for page by page, the conversations of others are all that it may see beside those it was sent."""
        visible = {key: one for key, one in self.truth.all_at(self.truth.position).items() if one.is_for(self._stored)}
        others = {key for key, one in visible.items() if not one.is_sent_at_once(self._stored)}
        assert listed == others
