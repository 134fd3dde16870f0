"""The writer thread: runs use cases, and commits together those that wait together."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from connector.store.ports import CommitUnknown, Raced, StoreUnavailable, Transaction
from connector.store.sql.errors import is_disconnect, is_race, why_unavailable
from connector.store.sql.transaction import NOTHING_COMMITTED, CommitSummary, SqlTransaction

# More save little, and all of them are run again when one fails.
_MOST_IN_A_COMMIT = 60
_TRIES = 20
_BUSY = "The database is busy with the same rows for too long; try again."
_UNKNOWN = "The connection broke while the database was committing, so it is unknown whether it did; ask again."


class PendingWrite:
    """A use case that waits for its turn, and then how it ended: with an error, or committed and with a value.

    `future` is passed back. Nothing that it refers to refers to it: a cycle for each hook would be work for the garbage
    collector.
    """

    __slots__ = ("error", "future", "runs_alone", "then", "tries", "use_case", "value")

    def __init__(
        self, use_case: Callable[[Transaction], Any], future: Any, then: Callable[[], None] | None = None
    ) -> None:
        self.use_case = use_case
        self.future = future
        self.then = then  # passed back, to be called once it is committed
        self.value: Any = None
        self.error: BaseException | None = None
        self.tries = 0
        # Nothing may come between its commit and `then`; or it has failed after writing, or raced, in a shared commit.
        self.runs_alone = then is not None


class Writer:
    """A thread with the one connection that writes. It calls `on_end` with writes that ended and what their commit
    brought."""

    def __init__(self, engine: Engine, on_end: Callable[[list[PendingWrite], CommitSummary], None]) -> None:
        self._engine = engine
        self._on_end = on_end
        self._queue: SimpleQueue[PendingWrite | None] = SimpleQueue()
        self._transaction: SqlTransaction | None = None
        self._running: PendingWrite | None = None
        self.backend = 0  # the process that serves this connection at a PostgreSQL server
        self._thread = threading.Thread(target=self._run, name="textdesk-writer", daemon=True)
        self._thread.start()

    def submit(self, write: PendingWrite) -> None:
        self._queue.put(write)

    def stop(self) -> None:
        """Finish what was submitted before; then end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        waiting: deque[PendingWrite] = deque()
        more_to_come = True
        while more_to_come or waiting:
            if more_to_come:
                more_to_come = self._gather(waiting)
            if waiting:
                waiting.extendleft(reversed(self._commit(_next_group(waiting))))
        self._disconnect()

    def _gather(self, waiting: deque[PendingWrite]) -> bool:
        """Take all that was submitted, and wait for at least one; False when it was the last."""
        with contextlib.suppress(Empty):
            while True:
                write = self._queue.get(block=not waiting)
                if write is None:
                    return False
                waiting.append(write)
        return True

    def _commit(self, writes: list[PendingWrite]) -> list[PendingWrite]:
        """Run them in one transaction and pass them back; return those that must be run again."""
        self._running = None
        try:
            summary = self._transact(writes)
        except BaseException as error:  # a use case may raise anything, and the thread must outlive it
            return self._rolled_back(writes, error)
        self._on_end(writes, summary)
        return []

    def _transact(self, writes: list[PendingWrite]) -> CommitSummary:
        transaction = self._connected()
        with transaction.session.connection.begin() as frame:
            transaction.session.begin()
            for write in writes:
                self._execute(transaction, write)
            self._running = None
            summary = transaction.flush()
            try:
                frame.commit()
            except DBAPIError as error:
                if is_disconnect(error):
                    raise CommitUnknown(_UNKNOWN) from error
                raise
        transaction.session.committed()
        return summary

    def _execute(self, transaction: SqlTransaction, write: PendingWrite) -> None:
        """Run one use case. Raises what it raised if the whole transaction has to be rolled back for that."""
        self._running = write
        session = transaction.session
        written = session.written
        write.error = None
        try:
            write.value = write.use_case(transaction)
        except BaseException as error:
            # One that has written nothing, such as a request that is refused, leaves nothing behind for the others.
            if isinstance(error, Raced) or session.has_failed or session.written != written:
                raise
            write.error = error

    def _rolled_back(self, writes: list[PendingWrite], error: BaseException) -> list[PendingWrite]:
        """After a rollback of all of them: fail those at fault, return those to be run again."""
        words = str(error) if isinstance(error, StoreUnavailable) else why_unavailable(error)
        if words:
            self._disconnect()
        if is_disconnect(error):
            return self._retry(writes, writes)
        # Without a use case that was running, it is what one of them left to be written at the end.
        at_fault = writes if self._running is None else [self._running]
        if is_race(error):
            return self._retry(writes, at_fault)
        if words:
            self._fail(writes, CommitUnknown if isinstance(error, CommitUnknown) else StoreUnavailable, words)
            return []
        if len(writes) == 1:
            writes[0].error = error
            self._on_end(writes, NOTHING_COMMITTED)
            return []
        for write in at_fault:
            write.runs_alone = True
        return writes

    def _retry(self, writes: list[PendingWrite], at_fault: list[PendingWrite]) -> list[PendingWrite]:
        """All but those at fault that have been tried too often, which fail."""
        for write in at_fault:
            write.tries += 1
            write.runs_alone |= len(at_fault) < len(writes)
        self._fail([write for write in writes if write.tries >= _TRIES], StoreUnavailable, _BUSY)
        return [write for write in writes if write.tries < _TRIES]

    def _fail(self, writes: list[PendingWrite], kind: type[StoreUnavailable], words: str) -> None:
        for write in writes:
            write.error = kind(words)
        if writes:
            self._on_end(writes, NOTHING_COMMITTED)

    def _connected(self) -> SqlTransaction:
        if self._transaction is None:
            try:
                connection = self._engine.connect()
            except DBAPIError as error:
                raise StoreUnavailable(why_unavailable(error) or str(error.orig)) from error
            self._transaction = SqlTransaction(connection)
            if self._transaction.session.is_postgresql:
                driver: Any = connection.connection.driver_connection
                self.backend = driver.info.backend_pid
        return self._transaction

    def _disconnect(self) -> None:
        if self._transaction is not None:
            with contextlib.suppress(DBAPIError):
                self._transaction.session.connection.close()
        self._transaction = None


def _next_group(waiting: deque[PendingWrite]) -> list[PendingWrite]:
    """Take the next ones to commit together: one that is to run alone, or those before the next such one."""
    group = [waiting.popleft()]
    while waiting and len(group) < _MOST_IN_A_COMMIT and not (group[0].runs_alone or waiting[0].runs_alone):
        group.append(waiting.popleft())
    return group
