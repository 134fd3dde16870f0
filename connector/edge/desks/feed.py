"""Publishing facts to desks: each fact is read and framed once, and sent to every subscribed connection."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from websockets.asyncio.server import ServerConnection, broadcast

from connector.base.supervise import Supervisor
from connector.edge.background.retry import until_available
from connector.store.ports import Store
from connector.store.values import ChangeKind, FactRow
from connector.wire import frames, limits

log = logging.getLogger(__name__)

_PAGE = 500
_POLL_S = 1.0
# A desk with this much unread is not reading; it can resume exactly where it stopped.
_MAX_UNREAD_BYTES = limits.FRAME_BYTES  # more than one picture that is being fetched


class Feed:
    def __init__(self, store: Store, tasks: Supervisor) -> None:
        self._store = store
        self._tasks = tasks
        self._subscribers: set[ServerConnection] = set()
        self._moved = asyncio.Event()
        self.position = 0

    async def start(self) -> None:
        """Begin at the latest fact."""
        self.position = await self._store.read(lambda reading: reading.position())

    async def run(self) -> None:
        seen: int | None = None
        while True:
            rows = await until_available(partial(self._read, self.position))
            for row in rows:
                self.publish(_frame(row))
            if rows:
                self.position = rows[-1].position
                self._moved.set()
                self._moved = asyncio.Event()
            else:
                seen = await self._store.wait_for_change(ChangeKind.FACTS, _POLL_S, seen)

    def publish(self, text: str) -> None:
        """Send it to every subscriber, and close the connections of those who do not read."""
        broadcast(self._subscribers, text)
        for subscriber in tuple(self._subscribers):
            if subscriber.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
                self._subscribers.discard(subscriber)
                log.warning("a desk does not read: closed with %d", frames.CLOSE_SLOW_READER)
                closing = subscriber.close(frames.CLOSE_SLOW_READER, "Too slow; resume from your last position.")
                self._tasks.start("close slow desk", closing)

    async def subscribe(self, connection: ServerConnection, after: int) -> None:
        """Send all facts after position `after`, then each new one as it is committed, once and in order."""
        while self.position < after:
            await self._moved.wait()
        while after < self.position:
            seen = self.position  # everything up to here is committed, so a read from here on has it
            rows = [row for row in await self._read(after) if row.position <= seen]
            for row in rows:
                await connection.send(_frame(row))
            after = rows[-1].position if rows else seen
        self._subscribers.add(connection)

    def unsubscribe(self, connection: ServerConnection) -> None:
        self._subscribers.discard(connection)

    async def _read(self, after: int) -> list[FactRow]:
        return await self._store.facts_after(after, _PAGE)


def _frame(row: FactRow) -> str:
    return frames.frame_event(row.position, row.fact.at, row.fact.body)
