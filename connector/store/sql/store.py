"""The store on SQL: SQLite for one core, PostgreSQL for several."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import DBAPIError

from connector.store.erasure import SearchedFile
from connector.store.ports import CommitUnknown, Reading, StoreUnavailable, Transaction
from connector.store.sql import byte_finding, cleaning, sqlite_file
from connector.store.sql.database_file import DatabaseFile
from connector.store.sql.engines import Engines, engines_for
from connector.store.sql.errors import is_disconnect, why_unavailable
from connector.store.sql.notifications import ChangeCounter
from connector.store.sql.reading import SqlReading
from connector.store.sql.recent_facts import RecentFacts
from connector.store.sql.schema import migrate
from connector.store.sql.session import SqlSession
from connector.store.sql.statements import CompiledStatements
from connector.store.sql.transaction import NOTHING_COMMITTED, CommitSummary
from connector.store.sql.writer import PendingWrite, Writer
from connector.store.values import ChangeKind, FactRow

if TYPE_CHECKING:
    from connector.store.sql.postgres_listener import PostgresListener

T = TypeVar("T")

_READERS = 4


async def open_store(where: str | Path) -> SqlStore:
    """Open the SQLite file at a path, or the PostgreSQL database of a `postgresql://…` URL; make or migrate its tables.

    The file gets mode 0600, a directory made for it 0700. Raises StoreUnavailable, with a sentence that says what to
    do, when the database cannot be used; a database that is not ours is left as it is.
    """
    engines = engines_for(where, _READERS)
    try:
        name = await asyncio.to_thread(migrate, engines.writing)
        await asyncio.to_thread(engines.open_reader)
    except DBAPIError as error:
        raise StoreUnavailable(why_unavailable(error) or str(error.orig)) from error
    return SqlStore(name, engines)


class SqlStore:
    """See `ports.Store`. Made by `open_store`, within the event loop that uses it."""

    def __init__(self, name: str, engines: Engines) -> None:
        self._name = name
        self._engines = engines
        self._loop = asyncio.get_running_loop()
        self._counters = {change: ChangeCounter() for change in ChangeKind}
        self._recent = RecentFacts(is_only_writer=not engines.is_shared)
        self._is_open = True
        self._trouble: str | None = None
        self._rescued: str | None = None
        self._writer = Writer(engines.writing, self._on_end)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="textdesk-reader")
        self._compiled = CompiledStatements.of(engines.reading.dialect)
        self._listener: PostgresListener | None = None
        if engines.is_shared:
            from connector.store.sql.postgres_listener import PostgresListener  # loads the driver of that engine

            self._listener = PostgresListener(engines.writing, lambda: self._writer.backend, self._on_notified)

    @property
    def name(self) -> str:
        return self._name

    @property
    def is_of_server(self) -> bool:
        return self._engines.is_shared

    async def write(self, use_case: Callable[[Transaction], T], then: Callable[[], None] | None = None) -> T:
        self._check_open()
        if self._trouble is not None:
            raise StoreUnavailable(self._trouble)
        write = PendingWrite(use_case, self._loop.create_future(), then)
        self._writer.submit(write)
        await write.future
        if write.error is not None:
            raise write.error
        value: T = write.value
        return value

    async def read(self, query: Callable[[Reading], T]) -> T:
        self._check_open()
        return await self._loop.run_in_executor(self._readers, self._read, query)

    async def server_time(self) -> int | None:
        return await self.read(lambda reading: reading.server_time()) if self._engines.is_shared else None

    async def facts_after(self, position: int, limit: int) -> list[FactRow]:
        self._check_open()
        rows = self._recent.after(position, limit)
        return await self.read(lambda reading: reading.facts_after(position, limit)) if rows is None else rows

    async def wait_for_change(self, what: ChangeKind, timeout_s: float, seen: int | None = None) -> int:
        return await self._counters[what].wait(timeout_s, seen)

    async def clean(self, *, rewrite: bool = False) -> None:
        self._check_open()
        await asyncio.to_thread(cleaning.clean, self._engines, rewrite=rewrite)

    async def find_bytes(
        self, needles: Mapping[str, Sequence[bytes]], progress: Callable[[float], None]
    ) -> list[SearchedFile]:
        self._check_open()
        return await asyncio.to_thread(byte_finding.find, self._engines, needles, progress)

    def trouble(self) -> str | None:
        file = self._engines.file
        self._trouble = None if file is None else file.trouble()
        if file is not None and self._trouble is not None and file.was_removed():
            if self._rescued is None:
                self._rescued = ""
                self._readers.submit(self._rescue, file)
            self._trouble = f"{self._trouble} {self._rescued}".rstrip()
        return self._trouble

    def _rescue(self, file: DatabaseFile) -> None:
        """Save what a removed file held, by a connection that has been open since before."""
        try:
            with self._engines.reading.connect() as connection:
                copy = sqlite_file.save_copy(connection.connection.driver_connection, file.path)
        except (OSError, sqlite3.Error, StoreUnavailable) as error:
            self._rescued = f"What it held could not be saved ({error}); let the core run until that is mended."
            return
        self._rescued = f"All it held is in {copy.name}: stop the core, rename that to {file.path.name}, and start it."

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

    def _read(self, query: Callable[[Reading], Any], may_retry: bool = True) -> Any:
        try:
            with self._engines.reading.connect() as connection, connection.begin():
                return query(SqlReading(SqlSession(connection, self._compiled)))
        except DBAPIError as error:
            if may_retry and is_disconnect(error):
                self._engines.reading.dispose()  # the other pooled connections broke, too; reading again does no harm
                return self._read(query, may_retry=False)
            words = why_unavailable(error)
            if words is None:
                raise
            raise StoreUnavailable(words) from error

    def _on_end(self, writes: list[PendingWrite], summary: CommitSummary) -> None:
        """Called in the writer's thread."""
        if self._engines.file is not None and self._engines.file.is_lost():
            words = self._engines.file.trouble() or ""
            for write in writes:
                write.error = write.error or CommitUnknown(words)
            summary = NOTHING_COMMITTED
        for write in writes:
            if write.then is not None and write.error is None:
                write.then()
        # The loop may be gone when the store was not closed; then no task waits either.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._publish, writes, summary)

    def _publish(self, writes: list[PendingWrite], summary: CommitSummary) -> None:
        if summary.has_replaced_facts:
            self._recent.clear()
        self._recent.add(summary.facts)
        for write in writes:
            if not write.future.done():  # the waiting task may have been cancelled
                write.future.set_result(None)
        self._count(summary.changes)

    def _on_notified(self, changes: Iterable[ChangeKind]) -> None:
        """Called in the listener's thread."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._count, changes)

    def _count(self, changes: Iterable[ChangeKind]) -> None:
        for change in changes:
            self._counters[change].increment()
