"""Publishing facts to desks: each fact is read and framed once, and sent to the connections whose agents may see it.

Facts of one moment share a message, for desks that take batches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosedOK

from connector.base.supervise import Supervisor
from connector.domain import fact_visibility
from connector.domain.rights import Rights, Visibility
from connector.edge.background.retry import until_available
from connector.edge.desks.snapshot import Snapshot, SnapshotPage
from connector.edge.desks.subscriber import Access, Subscriber, access_of
from connector.edge.desks.visible_facts import LatestVisibilities, VisibleFact, frame, frames_for
from connector.store.ports import Reading, Store
from connector.store.values import ChangeKind, FactRow
from connector.wire import events, frames, limits
from connector.wire.session import CloseConnection
from connector.wire.views import AccountView

log = logging.getLogger(__name__)

_PAGE = 500
_POLL_S = 1.0
_MOMENT_S = 0.05
_POSITIONS_EVERY_S = 1.0
_PRESENCE = events.AgentChanged.__struct_config__.tag
# A desk with this much unread is not reading; it can resume exactly where it stopped.
_MAX_UNREAD_BYTES = limits.FRAME_BYTES  # more than one picture that is being fetched


class _Group:
    """Subscribers with the same sight: what one of them is sent, all are."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        # The connections, each with its agent.
        self.singly: dict[ServerConnection, str] = {}
        self.in_batches: dict[ServerConnection, str] = {}
        # The position that its desks do not know they have: the facts there are not theirs.
        self.behind: int | None = None

    def of(self, subscriber: Subscriber) -> dict[ServerConnection, str]:
        return self.in_batches if subscriber.takes_batches else self.singly

    def send(self, texts: Sequence[bytes], only_to: str | None = None) -> None:
        """`only_to`: an agent; None: to all."""
        if singly := _of_agent(self.singly, only_to):
            for text in texts:
                broadcast(singly, text, text=True)
        if in_batches := _of_agent(self.in_batches, only_to):
            for text in frames.batches(texts):
                broadcast(in_batches, text, text=True)

    def send_facts(self, facts: Sequence[VisibleFact]) -> None:
        texts, skipped = frames_for(self.rights, facts)
        self.send(texts)
        self.behind = skipped

    def send_everything(self, rows: Sequence[FactRow], texts: Sequence[bytes]) -> None:
        """To agents who see everything: all of these, but what is private to its agent alone, in order."""
        owners = [fact_visibility.private_owner(row.fact.visibility) for row in rows]
        for owner, run in groupby(zip(owners, texts, strict=True), key=itemgetter(0)):
            self.send([text for _, text in run], owner)
        self.behind = None if owners[-1] is None else rows[-1].position


def _of_agent(connections: dict[ServerConnection, str], agent: str | None) -> Collection[ServerConnection]:
    return connections if agent is None else [one for one, theirs in connections.items() if theirs == agent]


class Feed:
    """Facts that are committed at one moment go to desks in one batch, if they take batches.

    Presence can wait a moment: of hundreds of agents who sign in at once each would be a message to all the others. A
    fact of another kind is sent at once, and with it those that wait, so that the order stays that of the commits.

    A connection is admitted when it has signed in, with the rights its agent then had; from then on a change of them
    closes it, before it is sent the fact of that change or any later one.
    """

    def __init__(self, store: Store, tasks: Supervisor, noted: Callable[[FactRow], None] | None = None) -> None:
        """`noted` is called with each fact, once, in order."""
        self._noted = noted
        self._store = store
        self._tasks = tasks
        self._admitted: dict[ServerConnection, Subscriber] = {}
        self._limited = 0  # how many of them do not see everything
        self._groups: dict[str, _Group] = {}  # of those who are up to date, by the digest of their rights
        self._visibilities = LatestVisibilities()
        self._moved = asyncio.Event()
        self.position = 0

    async def start(self) -> None:
        """Begin at the latest fact."""
        self.position = await self._store.read(lambda reading: reading.position())

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        seen: int | None = None
        waiting: list[FactRow] = []
        read_to, last_at, positions_at = self.position, 0.0, 0.0
        while True:
            rows = await until_available(partial(self._read, read_to))
            if rows:
                if self._noted is not None:
                    for row in rows:
                        self._noted(row)
                waiting += rows
                read_to = rows[-1].position
            can_wait_s = last_at + _MOMENT_S - loop.time()
            if waiting and (can_wait_s <= 0 or any(row.fact.kind != _PRESENCE for row in waiting)):
                await self._learn(waiting)
                self._publish_facts(waiting)
                waiting, last_at = [], loop.time()
            elif not rows:
                limit_s = min(_POLL_S, can_wait_s) if waiting else _POLL_S
                seen = await self._store.wait_for_change(ChangeKind.FACTS, limit_s, seen)
            if loop.time() - positions_at >= _POSITIONS_EVERY_S:
                self._publish_positions()
                positions_at = loop.time()

    async def _learn(self, rows: Sequence[FactRow]) -> None:
        """Read what decides who is sent these facts. It is complete as long as nothing is awaited."""
        agents: dict[str, Access] = {}
        while True:
            changed = _agents_in(rows) - agents.keys()
            changed &= {one.rights.agent for one in self._admitted.values()}
            unknown = self._visibilities.unknown(rows) if self._limited else set()
            if not changed and not unknown:
                break
            visibilities, found = await until_available(partial(self._look, unknown, changed))
            self._visibilities.learn(unknown, visibilities)
            agents |= found
        for subscriber in [one for one in self._admitted.values() if one.rights.agent in agents]:
            if end := subscriber.end_by(agents[subscriber.rights.agent]):
                self._end(subscriber, end)

    async def _look(
        self, conversations: Iterable[str], agents: Iterable[str]
    ) -> tuple[dict[str, Visibility], dict[str, Access]]:
        def look(reading: Reading) -> tuple[dict[str, Visibility], dict[str, Access]]:
            return (
                reading.desk_pages.visibilities(list(conversations)),
                {agent: access_of(reading, agent) for agent in agents},
            )

        return await self._store.read(look)

    def _publish_facts(self, rows: Sequence[FactRow]) -> None:
        facts = self._visibilities.of(rows) if self._limited else []
        if not self._limited:
            self._visibilities.clear()
        texts: list[bytes] | None = None
        for group in self._groups.values():
            if not group.rights.sees_everything:
                group.send_facts(facts)
                continue
            if texts is None:
                texts = [one.frame for one in facts] if facts else [frame(row) for row in rows]
            group.send_everything(rows, texts)
        self._drop_slow_readers()
        self.position = rows[-1].position
        self._moved.set()
        self._moved = asyncio.Event()

    def _publish_positions(self) -> None:
        for group in self._groups.values():
            if group.behind is not None:
                group.send([frames.encode(frames.PositionFrame(group.behind)).encode()])
                group.behind = None

    def publish_accounts(self, accounts: Sequence[AccountView]) -> None:
        """Send every desk the state of the accounts its agent may see."""
        for group in self._groups.values():
            group.send([accounts_frame(accounts, group.rights).encode()])
        self._drop_slow_readers()

    def _drop_slow_readers(self) -> None:
        receiving = [one for group in self._groups.values() for one in (*group.singly, *group.in_batches)]
        for connection in receiving:
            if connection.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
                log.warning("a desk does not read: closed with %d", frames.CLOSE_SLOW_READER)
                words = "Too slow; resume from your last position."
                self._end(self._admitted[connection], CloseConnection(frames.CLOSE_SLOW_READER, words))

    def _end(self, subscriber: Subscriber, end: CloseConnection) -> None:
        subscriber.has_ended = True
        self._leave_group(subscriber)
        closing = subscriber.connection.close(end.code, end.reason)
        self._tasks.start("close desk", closing)

    def admit(self, subscriber: Subscriber) -> None:
        """Close its connection from here on when its agent's rights change."""
        self._admitted[subscriber.connection] = subscriber
        self._limited += not subscriber.rights.sees_everything

    async def subscribe(self, subscriber: Subscriber, after: int) -> None:
        """Send all facts after position `after` that its agent may see, then each new one as it is committed, once and
        in order."""
        while self.position < after:
            await self._moved.wait()
        while after < self.position:
            after = await self._catch_up(subscriber, after, self.position)
        if not subscriber.has_ended:
            group = self._groups.setdefault(subscriber.rights.digest, _Group(subscriber.rights))
            group.of(subscriber)[subscriber.connection] = subscriber.rights.agent

    async def send_snapshot(self, subscriber: Subscriber, snapshot: Snapshot) -> int:
        """Send its pages, and before each the facts up to it. Returns the position from which facts follow."""
        page = await self._page(subscriber, snapshot.first)
        await subscriber.connection.send(page.text)
        while not page.is_last:
            after = page.position
            page = await self._page(subscriber, snapshot.next)
            await self._catch_up(subscriber, after, page.position)
            await subscriber.connection.send(page.text)
        return page.position

    async def _page(self, subscriber: Subscriber, read: Callable[[Reading], SnapshotPage]) -> SnapshotPage:
        """A page, read under the rights of the connection. Raises ConnectionClosed when those hold no more."""

        def look(reading: Reading) -> SnapshotPage | CloseConnection:
            return subscriber.end_by(access_of(reading, subscriber.rights.agent)) or read(reading)

        page = await self._store.read(look)
        if isinstance(page, CloseConnection):
            subscriber.has_ended = True
            await subscriber.connection.close(page.code, page.reason)  # before the caller's end closes it as usual
            raise ConnectionClosedOK(None, None)
        return page

    async def _catch_up(self, subscriber: Subscriber, after: int, to: int) -> int:
        """Send the facts after `after` up to `to`, which is committed, that its agent may see. Returns `to`."""
        skipped: int | None = None
        while after < to:
            rows = [row for row in await self._read_to(after, to) if row.position <= to]
            after = rows[-1].position if rows else to
            latest = LatestVisibilities()
            unknown = set() if subscriber.rights.sees_everything else latest.unknown(rows)
            changed = _agents_in(rows) & {subscriber.rights.agent}
            if unknown or changed:
                visibilities, agents = await self._look(unknown, changed)
                latest.learn(unknown, visibilities)
                stored = agents.get(subscriber.rights.agent)
                if stored is not None and (end := subscriber.end_by(stored)):
                    self._end(subscriber, end)
            if subscriber.has_ended:
                return to
            texts, skipped = frames_for(subscriber.rights, latest.of(rows))
            for text in frames.batches(texts) if subscriber.takes_batches else texts:
                await subscriber.connection.send(text, text=True)
        if skipped is not None:
            await subscriber.connection.send(frames.encode(frames.PositionFrame(skipped)))
        return to

    def unsubscribe(self, connection: ServerConnection) -> None:
        subscriber = self._admitted.pop(connection, None)
        if subscriber is not None:
            self._limited -= not subscriber.rights.sees_everything
            self._leave_group(subscriber)

    def _leave_group(self, subscriber: Subscriber) -> None:
        group = self._groups.get(subscriber.rights.digest)
        if group is None:
            return
        group.of(subscriber).pop(subscriber.connection, None)
        if not group.singly and not group.in_batches:
            del self._groups[subscriber.rights.digest]

    async def _read(self, after: int) -> list[FactRow]:
        return await self._store.facts_after(after, _PAGE)

    async def _read_to(self, after: int, to: int) -> list[FactRow]:
        """What is published is in memory, perhaps; what another reading has found committed may not be yet."""
        if to <= self.position:
            return await self._read(after)
        return await self._store.read(lambda reading: reading.facts_after(after, _PAGE))


def accounts_frame(accounts: Sequence[AccountView], rights: Rights) -> str:
    return frames.encode(frames.AccountsFrame([one for one in accounts if rights.sees_account(one.account)]))


def _agents_in(rows: Iterable[FactRow]) -> set[str]:
    """The agents that facts are about."""
    found = set()
    for row in rows:
        if row.fact.kind == _PRESENCE:
            event = frames.decode_event(row.fact.body)
            if isinstance(event, events.AgentChanged):
                found.add(event.agent.id)
    return found
