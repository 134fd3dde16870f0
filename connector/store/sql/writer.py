"""The writer thread: runs use cases, and commits together those that wait together."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from connector.store.ports import CommitUnknown, StoreUnavailable, Transaction
from connector.store.sql.errors import is_disconnect, is_race, why_unavailable
from connector.store.sql.transaction import NOTHING_COMMITTED, CommitSummary, SqlTransaction

# PostgreSQL slows down for all sessions when one transaction has more than 64 subtransactions.
_MOST_IN_A_COMMIT = 60
_TRIES = 20
_BUSY = "The database is busy with the same rows for too long; try again."
_UNKNOWN = "The connection broke while the database was committing, so it is unknown whether it did; ask again."


class PendingWrite:
    """A use case that waits for its turn. `future` is passed back with its result."""

    __slots__ = ("future", "tries", "use_case")

    def __init__(self, use_case: Callable[[Transaction], Any], future: Any) -> None:
        self.use_case = use_case
        self.future = future
        self.tries = 0


class UseCaseResult(NamedTuple):
    """How a use case ended: with an error, or committed and with a value."""

    write: PendingWrite
    value: Any
    error: BaseException | None


class Writer:
    """A thread with the one connection that writes. It calls `on_results` with results and what the commit brought."""

    def __init__(self, engine: Engine, on_results: Callable[[list[UseCaseResult], CommitSummary], None]) -> None:
        self._engine = engine
        self._on_results = on_results
        self._queue: SimpleQueue[PendingWrite | None] = SimpleQueue()
        self._transaction: SqlTransaction | None = None
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
            writes = [waiting.popleft() for _ in range(min(len(waiting), _MOST_IN_A_COMMIT))]
            if writes:
                waiting.extendleft(reversed(self._commit(writes)))
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
        """Run them in one transaction and pass on their results; return those that must be run again."""
        try:
            results, again, summary = self._transact(writes)
        except BaseException as error:  # a use case may raise anything, and the thread must outlive it
            return self._rolled_back(writes, error)
        self._on_results(results, summary)
        return again

    def _transact(self, writes: list[PendingWrite]) -> tuple[list[UseCaseResult], list[PendingWrite], CommitSummary]:
        transaction = self._connected()
        is_alone = len(writes) == 1
        results: list[UseCaseResult] = []
        with transaction.session.connection.begin() as frame:
            transaction.session.begin()
            for write in writes:
                result = self._run_alone(transaction, write) if is_alone else self._run_shared(transaction, write)
                if result is None:
                    break  # run it again in a fresh transaction, once what went well so far is committed
                results.append(result)
            summary = transaction.flush()
            try:
                frame.commit()
            except DBAPIError as error:
                if is_disconnect(error):
                    raise CommitUnknown(_UNKNOWN) from error
                raise
        raced, rest = writes[len(results) : len(results) + 1], writes[len(results) + 1 :]
        return results, self._retry(raced) + rest, summary

    @staticmethod
    def _run_alone(transaction: SqlTransaction, write: PendingWrite) -> UseCaseResult:
        return UseCaseResult(write, write.use_case(transaction), None)

    @staticmethod
    def _run_shared(transaction: SqlTransaction, write: PendingWrite) -> UseCaseResult | None:
        """Run it so that it fails alone; None when it raced and is to be run again."""
        session = transaction.session
        savepoint = session.savepoint()
        try:
            result = UseCaseResult(write, write.use_case(transaction), None)
        except BaseException as error:
            if why_unavailable(error):
                raise
            session.roll_back_to(savepoint)
            if is_race(error):
                return None
            result = UseCaseResult(write, None, error)
        session.release()
        return result

    def _rolled_back(self, writes: list[PendingWrite], error: BaseException) -> list[PendingWrite]:
        """After a rollback of all of them: fail those at fault, return those to be run again."""
        words = str(error) if isinstance(error, StoreUnavailable) else why_unavailable(error)
        if words:
            self._disconnect()
        if is_race(error) or is_disconnect(error):
            return self._retry(writes)
        if words:
            self._fail(writes, CommitUnknown if isinstance(error, CommitUnknown) else StoreUnavailable, words)
        elif len(writes) == 1:
            self._on_results([UseCaseResult(writes[0], None, error)], NOTHING_COMMITTED)
        else:  # what one of them left to be written at the end cannot be: let it fail alone
            return [again for write in writes for again in self._commit([write])]
        return []

    def _retry(self, writes: list[PendingWrite]) -> list[PendingWrite]:
        """Those that may be run once more; the others fail."""
        for write in writes:
            write.tries += 1
        self._fail([write for write in writes if write.tries >= _TRIES], StoreUnavailable, _BUSY)
        return [write for write in writes if write.tries < _TRIES]

    def _fail(self, writes: list[PendingWrite], kind: type[StoreUnavailable], words: str) -> None:
        if writes:
            self._on_results([UseCaseResult(write, None, kind(words)) for write in writes], NOTHING_COMMITTED)

    def _connected(self) -> SqlTransaction:
        if self._transaction is None:
            try:
                connection = self._engine.connect()
            except DBAPIError as error:
                raise StoreUnavailable(why_unavailable(error) or str(error.orig)) from error
            self._transaction = SqlTransaction(connection)
            driver = connection.connection.driver_connection
            if isinstance(driver, psycopg.Connection):
                self.backend = driver.info.backend_pid
        return self._transaction

    def _disconnect(self) -> None:
        if self._transaction is not None:
            with contextlib.suppress(DBAPIError):
                self._transaction.session.connection.close()
        self._transaction = None
