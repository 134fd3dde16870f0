"""A store that knows whether it can commit, and why not."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from connector.base.clock import Clock
from connector.store.erasure import SearchedFile
from connector.store.marks import MarkKey
from connector.store.ports import Reading, Store, StoreUnavailable, Transaction
from connector.store.values import ChangeKind, FactRow

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOOK_EVERY_S = 1.0
# A small write may still fit on a disk where a hook does not: the problem is over after so long without a failure.
_CALM_S = 10
_SLOW_S = 10
_SILENT = "The database does not answer."


class MonitoredStore:
    """A `Store`, see `connector.store.ports`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._problem: str | None = None
        self._failed_at = 0  # in steady time, as all that is measured here
        self._numbers = itertools.count()
        self._under_way: dict[int, int] = {}

    def problem(self) -> str | None:
        """Why nothing can be written, in words; None while it can."""
        if self._problem is None and self._is_slow(min(self._under_way.values(), default=self._clock.steady())):
            return _SILENT
        return self._problem

    async def run(self) -> None:
        """Look after the database's file, and while there is a problem, try now and then whether it is over."""
        while True:
            await self._clock.sleep(_LOOK_EVERY_S)
            now = self._clock.steady()
            if (trouble := self.trouble()) is not None:
                if trouble != self._problem:
                    log.error("the database: %s", trouble)
                self._failed(trouble)
            if self._problem is not None and now - self._failed_at >= _CALM_S * 1000:
                with contextlib.suppress(StoreUnavailable):
                    await self.write(self._probe)
                    if self._failed_at < now:  # nothing else has failed meanwhile
                        self._problem = None

    def _probe(self, tx: Transaction) -> None:
        tx.marks.set(MarkKey.store_tried(), self._clock.now())  # another value each time, so that it reaches the disk

    async def write(self, use_case: Callable[[Transaction], T], then: Callable[[], None] | None = None) -> T:
        number, began_at = next(self._numbers), self._clock.steady()
        self._under_way[number] = began_at
        try:
            return await self._store.write(use_case, then)
        except StoreUnavailable as error:
            self._failed(str(error))
            raise
        except asyncio.CancelledError:
            if self._is_slow(began_at):
                self._failed(_SILENT)
            raise
        finally:
            del self._under_way[number]

    async def read(self, query: Callable[[Reading], T]) -> T:
        try:
            return await self._store.read(query)
        except StoreUnavailable as error:
            self._failed(str(error))
            raise

    async def server_time(self) -> int | None:
        return await self._store.server_time()

    async def facts_after(self, position: int, limit: int) -> list[FactRow]:
        return await self._store.facts_after(position, limit)

    async def wait_for_change(self, what: ChangeKind, timeout_s: float, seen: int | None = None) -> int:
        return await self._store.wait_for_change(what, timeout_s, seen)

    async def clean(self, *, rewrite: bool = False) -> None:
        await self._store.clean(rewrite=rewrite)

    async def find_bytes(
        self, needles: Mapping[str, Sequence[bytes]], progress: Callable[[float], None]
    ) -> list[SearchedFile]:
        return await self._store.find_bytes(needles, progress)

    def trouble(self) -> str | None:
        return self._store.trouble()

    async def close(self) -> None:
        await self._store.close()

    @property
    def name(self) -> str:
        return self._store.name

    @property
    def is_of_server(self) -> bool:
        return self._store.is_of_server

    def _is_slow(self, began_at: int) -> bool:
        return self._clock.steady() - began_at >= _SLOW_S * 1000

    def _failed(self, words: str) -> None:
        self._problem = words
        self._failed_at = self._clock.steady()
