"""The store on SQL: SQLite for one core, PostgreSQL for several."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from connector.store.ports import Reading, StoreUnavailable, Transaction
from connector.store.sql.engines import Engines, engines_for
from connector.store.sql.errors import lost, unavailable
from connector.store.sql.notifications import PostgresListener, Waker
from connector.store.sql.reading import SqlReading
from connector.store.sql.recent_facts import RecentFacts
from connector.store.sql.schema import prepare
from connector.store.sql.transaction import News
from connector.store.sql.writer import Job, UseCaseResult, Writer
from connector.store.values import ChangeKind, FactRow

T = TypeVar("T")

_READERS = 4


async def open_store(where: str | Path) -> SqlStore:
    """Open the SQLite file at a path, or the PostgreSQL database of a `postgresql://…` URL; make or migrate its tables.

    The file gets mode 0600, a directory made for it 0700. Raises StoreUnavailable, saying in words what to do, when
    the database cannot be used.
    """
    engines = engines_for(where, _READERS)
    try:
        name = await asyncio.to_thread(prepare, engines.writing)
    except DBAPIError as error:
        raise StoreUnavailable(unavailable(error) or str(error.orig)) from error
    return SqlStore(name, engines)


class SqlStore:
    """See `base.Store`. Made by `open_store`, within the event loop that uses it."""

    def __init__(self, name: str, engines: Engines) -> None:
        self._name = name
        self._engines = engines
        self._loop = asyncio.get_running_loop()
        self._wakers = {change: Waker() for change in ChangeKind}
        self._recent = RecentFacts(is_alone=not engines.is_shared)
        self._is_open = True
        self._writer = Writer(engines.writing, self._tell)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="textdesk-reader")
        self._listener: PostgresListener | None = None
        if engines.is_shared:
            self._listener = PostgresListener(engines.writing, lambda: self._writer.backend, self._heard)

    @property
    def name(self) -> str:
        return self._name

    async def write(self, use_case: Callable[[Transaction], T]) -> T:
        self._check_open()
        ended: asyncio.Future[UseCaseResult] = self._loop.create_future()
        self._writer.put(Job(use_case, ended))
        end = await ended
        if end.error is not None:
            raise end.error
        value: T = end.value
        return value

    async def read(self, query: Callable[[Reading], T]) -> T:
        self._check_open()
        return await self._loop.run_in_executor(self._readers, self._read, query)

    async def facts_after(self, position: int, limit: int) -> list[FactRow]:
        self._check_open()
        rows = self._recent.after(position, limit)
        return await self.read(lambda reading: reading.facts_after(position, limit)) if rows is None else rows

    async def wait_for_change(self, what: ChangeKind, timeout_s: float, seen: int | None = None) -> int:
        return await self._wakers[what].changed(timeout_s, seen)

    async def close(self) -> None:
        if self._is_open:
            self._is_open = False
            await asyncio.to_thread(self._stop)

    def _stop(self) -> None:
        self._writer.stop()
        self._readers.shutdown()
        if self._listener is not None:
            self._listener.stop()
        self._engines.dispose()

    def _check_open(self) -> None:
        if not self._is_open:
            raise StoreUnavailable("The store is closed; the core is stopping.")

    def _read(self, query: Callable[[Reading], Any], again: bool = True) -> Any:
        try:
            with self._engines.reading.connect() as connection, connection.begin():
                return query(SqlReading(connection))
        except DBAPIError as error:
            if again and lost(error):  # kept in the pool, and broken since: a read does no harm twice
                return self._read(query, again=False)
            words = unavailable(error)
            if words is None:
                raise
            raise StoreUnavailable(words) from error

    def _tell(self, ends: list[UseCaseResult], news: News) -> None:
        """Called in the writer's thread."""
        # The loop may be gone when nobody closed the store; then nobody waits either.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._told, ends, news)

    def _told(self, ends: list[UseCaseResult], news: News) -> None:
        self._recent.add(news.facts)
        for end in ends:
            if not end.job.owner.done():  # it may have been cancelled while the work went on
                end.job.owner.set_result(end)
        self._wake(news.changes)

    def _heard(self, changes: Iterable[ChangeKind]) -> None:
        """Called in the listener's thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake, changes)

    def _wake(self, changes: Iterable[ChangeKind]) -> None:
        for change in changes:
            self._wakers[change].wake()
