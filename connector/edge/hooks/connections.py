"""The connections of the hook server: how many there may be, and how long each may take."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from connector.edge.hooks.source import is_proxy

if TYPE_CHECKING:
    from connector.edge.hooks.connection import HttpConnection

log = logging.getLogger(__name__)

_SWEEP_EVERY_S = 0.25
# A single source may hold this share of the places for connections that have proven nothing.
_SHARE_OF_ONE = 8
# The bodies of all unproven connections together.
_UNPROVEN_BYTES = 32 * 1024 * 1024


class ConnectionPool:
    """Places for connections: half for those that have carried an authenticated hook, half for all others.

    When the places of the unproven are taken, the one that has waited longest for the rest of its request makes room:
    half requests held open in any number keep a complete one out only if it takes longer than all of them are held.
    """

    def __init__(self, places: int) -> None:
        self._unproven_places = places - places // 2
        self._proven_places = places // 2
        self._unproven: dict[HttpConnection, None] = {}  # the oldest first
        self._proven: dict[HttpConnection, None] = {}
        self._by_source: Counter[str] = Counter()
        self._reserved = 0  # bytes of the unproven's bodies
        self._sweeper: asyncio.TimerHandle | None = None
        self._emptied = asyncio.Event()

    def __len__(self) -> int:
        return len(self._unproven) + len(self._proven)

    def add(self, connection: HttpConnection) -> bool:
        """False when there is no place for a connection of its source: it is to be closed."""
        share = max(self._unproven_places // _SHARE_OF_ONE, 1)
        if self._by_source[connection.source] >= share and not is_proxy(connection.peer):
            return False
        if len(self._unproven) >= self._unproven_places and not self._evict(self._unproven):
            return False
        self._unproven[connection] = None
        self._by_source[connection.source] += 1
        if self._sweeper is None:
            self._sweep()
        return True

    def reserve(self, connection: HttpConnection, size: int) -> int | None:
        """Reserve memory for a body of this size. Returns the bytes to release after its answer.

        None when too many that are being answered have it all.
        """
        if connection in self._proven or not size:
            return 0
        while self._reserved + size > _UNPROVEN_BYTES:
            if not self._evict(self._unproven, but=connection, needs_reserved=True):
                return None
        self._reserved += size
        connection.reserved += size
        return size

    def release(self, connection: HttpConnection, size: int) -> None:
        """Give back what `reserve` returned; all that a connection had is given back when it is removed."""
        size = min(size, connection.reserved)
        self._reserved -= size
        connection.reserved -= size

    def prove(self, connection: HttpConnection) -> None:
        """Give it a place among the proven ones; it keeps the one it has while those are all busy."""
        if connection not in self._unproven:
            return
        if len(self._proven) < self._proven_places or self._evict(self._proven):
            self._leave_unproven(connection)
            self._proven[connection] = None

    def is_proven(self, connection: HttpConnection) -> bool:
        return connection in self._proven

    def remove(self, connection: HttpConnection) -> None:
        self.release(connection, connection.reserved)
        if connection in self._unproven:
            self._leave_unproven(connection)
        self._proven.pop(connection, None)
        if not len(self):
            self._emptied.set()

    async def drain(self, limit_s: float) -> None:
        """Close all that are idle, and wait for answers that are under way; then close the rest."""
        for connection in [*self._unproven, *self._proven]:
            connection.drain()
        try:
            async with asyncio.timeout(limit_s):
                while len(self):
                    self._emptied.clear()
                    await self._emptied.wait()
        except TimeoutError:
            for connection in [*self._unproven, *self._proven]:
                connection.abort()
        if self._sweeper is not None:
            self._sweeper.cancel()

    def _evict(
        self, connections: dict[HttpConnection, None], but: HttpConnection | None = None, needs_reserved: bool = False
    ) -> bool:
        """Close the oldest that waits for its caller; False when all are being answered."""
        for one in connections:
            if one.is_waiting and one is not but and (one.reserved or not needs_reserved):
                self.remove(one)
                one.abort()
                return True
        return False

    def _leave_unproven(self, connection: HttpConnection) -> None:
        del self._unproven[connection]
        self._by_source[connection.source] -= 1
        if not self._by_source[connection.source]:
            del self._by_source[connection.source]

    def _sweep(self) -> None:
        """End what is past its deadline. One timer for all connections: one for each request would cost more."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [*self._unproven, *self._proven]:
            if connection.deadline < now:
                try:
                    connection.expire()
                except Exception:  # the time limits of all others depend on this timer
                    log.exception("a connection could not be ended")
                    connection.abort()
        self._sweeper = loop.call_later(_SWEEP_EVERY_S, self._sweep) if len(self) else None
