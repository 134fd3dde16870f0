"""Publishing facts to desks: each fact is read and framed once, and sent to every subscribed connection.

Facts of one moment share a message, for desks that take batches.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from websockets.asyncio.server import ServerConnection, broadcast

from connector.base.supervise import Supervisor
from connector.edge.background.retry import until_available
from connector.store.ports import Store
from connector.store.values import ChangeKind, FactRow
from connector.wire import events, frames, limits

log = logging.getLogger(__name__)

_PAGE = 500
_POLL_S = 1.0
_MOMENT_S = 0.05
_PRESENCE = events.AgentChanged.__struct_config__.tag
# A desk with this much unread is not reading; it can resume exactly where it stopped.
_MAX_UNREAD_BYTES = limits.FRAME_BYTES  # more than one picture that is being fetched


class Feed:
    """Facts that are committed at one moment go to desks in one batch, if they take batches.

    Presence can wait a moment: of hundreds of agents who sign in at once each would be a message to all the others. A
    fact of another kind is sent at once, and with it those that wait, so that the order stays that of the commits.
    """

    def __init__(self, store: Store, tasks: Supervisor, noted: Callable[[FactRow], None] | None = None) -> None:
        """`noted` is called with each fact, once, in order."""
        self._noted = noted
        self._store = store
        self._tasks = tasks
        self._subscribers: dict[ServerConnection, bool] = {}  # and whether it takes batches
        self._moved = asyncio.Event()
        self.position = 0

    async def start(self) -> None:
        """Begin at the latest fact."""
        self.position = await self._store.read(lambda reading: reading.position())

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        seen: int | None = None
        waiting: list[FactRow] = []
        read_to, last_at = self.position, 0.0
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
                self._publish_facts(waiting)
                waiting, last_at = [], loop.time()
            elif not rows:
                limit_s = min(_POLL_S, can_wait_s) if waiting else _POLL_S
                seen = await self._store.wait_for_change(ChangeKind.FACTS, limit_s, seen)

    def _publish_facts(self, rows: list[FactRow]) -> None:
        texts = [_frame(row) for row in rows] if self._subscribers else []
        singly = [one for one, takes_batches in self._subscribers.items() if not takes_batches]
        in_batches = [one for one, takes_batches in self._subscribers.items() if takes_batches]
        if singly:
            for text in texts:
                broadcast(singly, text, text=True)
        if in_batches:
            for text in frames.batches(texts):
                broadcast(in_batches, text, text=True)
        self._drop_slow_readers()
        self.position = rows[-1].position
        self._moved.set()
        self._moved = asyncio.Event()

    def publish(self, text: str) -> None:
        """Send a frame to every subscriber."""
        broadcast(self._subscribers, text)
        self._drop_slow_readers()

    def _drop_slow_readers(self) -> None:
        for subscriber in tuple(self._subscribers):
            if subscriber.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
                del self._subscribers[subscriber]
                log.warning("a desk does not read: closed with %d", frames.CLOSE_SLOW_READER)
                closing = subscriber.close(frames.CLOSE_SLOW_READER, "Too slow; resume from your last position.")
                self._tasks.start("close slow desk", closing)

    async def subscribe(self, connection: ServerConnection, after: int, *, takes_batches: bool = False) -> None:
        """Send all facts after position `after`, then each new one as it is committed, once and in order."""
        while self.position < after:
            await self._moved.wait()
        while after < self.position:
            seen = self.position  # everything up to here is committed, so a read from here on has it
            rows = [row for row in await self._read(after) if row.position <= seen]
            texts = [_frame(row) for row in rows]
            for text in frames.batches(texts) if takes_batches else texts:
                await connection.send(text, text=True)
            after = rows[-1].position if rows else seen
        self._subscribers[connection] = takes_batches

    def unsubscribe(self, connection: ServerConnection) -> None:
        self._subscribers.pop(connection, None)

    async def _read(self, after: int) -> list[FactRow]:
        return await self._store.facts_after(after, _PAGE)


def _frame(row: FactRow) -> bytes:
    return frames.frame_event(row.position, row.fact.at, row.fact.body)
