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
from connector.store.sql.errors import lost, raced, unavailable
from connector.store.sql.transaction import NOTHING_NEW, News, SqlTransaction

# PostgreSQL slows down for everybody when one transaction has more than 64 subtransactions.
_SHARING_A_COMMIT = 60
_TRIES = 20
_BUSY = "The database is busy with the same rows for too long; try again."
_UNKNOWN = "The connection broke while the database was committing, so nobody knows whether it did; ask again."


class Job:
    """A use case that waits for its turn; `owner` is handed back with its end."""

    __slots__ = ("owner", "tries", "use_case")

    def __init__(self, use_case: Callable[[Transaction], Any], owner: Any) -> None:
        self.use_case = use_case
        self.owner = owner
        self.tries = 0


class UseCaseResult(NamedTuple):
    """How a use case ended: with an error, or committed and with a value."""

    job: Job
    value: Any
    error: BaseException | None


class Writer:
    """`tell` hears, in the thread, how use cases ended, and what is new."""

    def __init__(self, engine: Engine, tell: Callable[[list[UseCaseResult], News], None]) -> None:
        self._engine = engine
        self._tell = tell
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._transaction: SqlTransaction | None = None
        self.backend = 0  # the process that serves us at a PostgreSQL server
        self._thread = threading.Thread(target=self._run, name="textdesk-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        self._queue.put(job)

    def stop(self) -> None:
        """Finish what was put before; then end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        waiting: deque[Job] = deque()
        more_to_come = True
        while more_to_come or waiting:
            if more_to_come:
                more_to_come = self._gather(waiting)
            jobs = [waiting.popleft() for _ in range(min(len(waiting), _SHARING_A_COMMIT))]
            if jobs:
                waiting.extendleft(reversed(self._commit(jobs)))
        self._let_go()

    def _gather(self, waiting: deque[Job]) -> bool:
        """Take all that is there, and at least one; False when it was the last."""
        with contextlib.suppress(Empty):
            while True:
                job = self._queue.get(block=not waiting)
                if job is None:
                    return False
                waiting.append(job)
        return True

    def _commit(self, jobs: list[Job]) -> list[Job]:
        """Run them in one transaction and tell their ends; return those that must be run again."""
        try:
            ends, again, news = self._transact(jobs)
        except BaseException as error:  # a use case may raise anything, and the thread must outlive it
            return self._undone(jobs, error)
        self._tell(ends, news)
        return again

    def _transact(self, jobs: list[Job]) -> tuple[list[UseCaseResult], list[Job], News]:
        transaction = self._connected()
        ends: list[UseCaseResult] = []
        with transaction.unit.connection.begin() as frame:
            transaction.unit.begin()
            for job in jobs:
                end = self._run_alone(transaction, job) if len(jobs) == 1 else self._run_shared(transaction, job)
                if end is None:
                    break  # run it again in a fresh transaction, once what went well so far is committed
                ends.append(end)
            news = transaction.finish()
            try:
                frame.commit()
            except DBAPIError as error:
                if lost(error):
                    raise CommitUnknown(_UNKNOWN) from error
                raise
        met, rest = jobs[len(ends) : len(ends) + 1], jobs[len(ends) + 1 :]
        return ends, self._again(met) + rest, news

    @staticmethod
    def _run_alone(transaction: SqlTransaction, job: Job) -> UseCaseResult:
        return UseCaseResult(job, job.use_case(transaction), None)

    @staticmethod
    def _run_shared(transaction: SqlTransaction, job: Job) -> UseCaseResult | None:
        unit = transaction.unit
        mark = unit.mark()
        unit.control("SAVEPOINT use_case")
        try:
            end = UseCaseResult(job, job.use_case(transaction), None)
        except BaseException as error:
            if unavailable(error):
                raise
            unit.control("ROLLBACK TO SAVEPOINT use_case")
            unit.back_to(mark)
            if raced(error):
                return None
            end = UseCaseResult(job, None, error)
        unit.control("RELEASE SAVEPOINT use_case")
        return end

    def _undone(self, jobs: list[Job], error: BaseException) -> list[Job]:
        """Nothing of them was kept: tell those that have failed, return those to be run again."""
        words = str(error) if isinstance(error, StoreUnavailable) else unavailable(error)
        if words:
            self._let_go()
        if raced(error) or lost(error):
            return self._again(jobs)
        if isinstance(error, CommitUnknown):
            self._tell([UseCaseResult(job, None, CommitUnknown(words)) for job in jobs], NOTHING_NEW)
        elif words:
            self._fail(jobs, words)
        elif len(jobs) == 1:
            self._tell([UseCaseResult(jobs[0], None, error)], NOTHING_NEW)
        else:  # what one of them left to be written at the end cannot be: let it fail alone
            return [again for job in jobs for again in self._commit([job])]
        return []

    def _again(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            job.tries += 1
        self._fail([job for job in jobs if job.tries >= _TRIES], _BUSY)
        return [job for job in jobs if job.tries < _TRIES]

    def _fail(self, jobs: list[Job], words: str) -> None:
        if jobs:
            self._tell([UseCaseResult(job, None, StoreUnavailable(words)) for job in jobs], NOTHING_NEW)

    def _connected(self) -> SqlTransaction:
        if self._transaction is None:
            try:
                connection = self._engine.connect()
            except DBAPIError as error:
                raise StoreUnavailable(unavailable(error) or str(error.orig)) from error
            self._transaction = SqlTransaction(connection)
            driver = connection.connection.driver_connection
            if isinstance(driver, psycopg.Connection):
                self.backend = driver.info.backend_pid
        return self._transaction

    def _let_go(self) -> None:
        if self._transaction is not None:
            with contextlib.suppress(DBAPIError):
                self._transaction.unit.connection.close()
        self._transaction = None
