"""Waking those who wait for a change; a wake says no more than which kind."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from connector.store.sql.transaction import CHANNEL
from connector.store.values import ChangeKind

_RETRY_S = 1.0


class Waker:
    """Counts changes of one kind, for one event loop."""

    def __init__(self) -> None:
        self._count = 0
        self._moved = asyncio.Event()

    def wake(self) -> None:
        self._count += 1
        self._moved.set()
        self._moved = asyncio.Event()

    async def changed(self, timeout_s: float, seen: int | None) -> int:
        """See `base.Store.changed`."""
        if seen is None or seen == self._count:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._moved.wait()
        return self._count


class PostgresListener:
    """Hears on a connection of its own, in a thread, what other cores tell through PostgreSQL.

    A broken connection is made anew; what was told in between is made up for by one wake. What the backend `own()`
    tells is known here already.
    """

    def __init__(self, engine: Engine, own: Callable[[], int], wake: Callable[[Iterable[ChangeKind]], None]) -> None:
        self._engine = engine
        self._own = own
        self._wake = wake
        self._stop_here, self._stopped = socket.socketpair()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="textdesk-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._stop_here.send(b".")
        self._thread.join()
        self._stop_here.close()
        self._stopped.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (psycopg.Error, DBAPIError):
                self._stopping.wait(_RETRY_S)

    def _listen(self) -> None:
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection = pooled.driver_connection  # type: ignore[assignment]
        pooled.detach()
        with contextlib.closing(connection):
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            self._wake(ChangeKind)
            while not self._stopping.is_set():
                select.select([connection.fileno(), self._stopped.fileno()], [], [])
                notes = list(connection.notifies(timeout=0))
                words = {word for note in notes if note.pid != self._own() for word in note.payload.split()}
                self._wake([change for change in ChangeKind if change in words])
