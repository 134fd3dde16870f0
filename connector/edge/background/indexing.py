"""The task that has every message in the index for search: what is stored is added within a second, a little at a time.

Beside much other work it takes a tenth of the time, else half of it: hooks wait for no more than one step. Texts are
cut into terms where they are read, outside of the writer. Every core on a database does this; each step begins where
the last one of any of them ended.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from connector.base.clock import Clock
from connector.base.live import Live
from connector.domain.search.documents import Document, document_of
from connector.edge.background.retry import until_available
from connector.services.search import indexing
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Reading, Store, Transaction
from connector.store.search import IndexDamaged, IndexState, IndexTrouble
from connector.store.values import ChangeKind

T = TypeVar("T")
log = logging.getLogger(__name__)

_LEAST, _MOST = 8, 500  # messages in one step
_FIRST = 64
_STEP_MS = 10  # that a step is to hold the writer
_GATHER_S = 0.3  # from a message to the step that adds it, so that a burst is one
_LOOK_EVERY_S = 5.0  # where nothing says that there is something new
_MERGES = 4  # after one step
_CHECK_EVERY_S = 3600
_BUSY_PER_S = 100  # facts, from which on the core is busy
_FAR_BEHIND = 2000  # messages: it is said how far it is
_SAID_EVERY_S = 60


class _Step(Struct, frozen=True):
    """What is to be added: the documents of the messages after one."""

    state: IndexState
    documents: list[Document]
    position: int  # of the latest fact


class Indexing:
    def __init__(self, store: Store, brand: Live[BrandSettings], clock: Clock) -> None:
        self._store = store
        self._brand = brand
        self._clock = clock
        self._size = _FIRST
        self._looked_at: tuple[int, int] | None = None  # steady time and position of the last step
        self._total: int | None = None  # as long as it is far behind
        self._said_at = 0
        self._checked_at: int | None = None
        self._trouble = IndexTrouble.NONE  # that was looked into

    async def run(self) -> None:
        seen: int | None = None
        await self._write(lambda tx: tx.search.prepare())
        while True:
            seen = await self._store.wait_for_change(ChangeKind.FACTS, 0, seen)
            try:
                is_more_left = await self._step()
            except IndexDamaged:
                log.error(indexing.INDEX_DAMAGED)
                await self._write(in_unit_of_work(self._brand, self._clock.now(), indexing.give_up))
                is_more_left = False
            if not is_more_left:
                seen = await self._store.wait_for_change(ChangeKind.FACTS, _LOOK_EVERY_S, seen)
                await self._clock.sleep(_GATHER_S)

    async def _step(self) -> bool:
        """Whether more is left to be done."""
        began_at = self._clock.steady()
        if self._checked_at is None or began_at - self._checked_at >= _CHECK_EVERY_S * 1000:
            self._checked_at = began_at
            await self._read(indexing.check)
        step = await self._read(self._next)
        if step.state.trouble is not IndexTrouble.NONE:
            if step.state.trouble is not self._trouble:
                self._trouble = (await self._write(lambda tx: tx.search.prepare())).trouble
            return False
        self._trouble = IndexTrouble.NONE
        if step.documents:
            if self._total is None and len(step.documents) == self._size:
                self._total = await self._count(step.state)
            await self._add(step)
            await self._merge()
        else:
            await self._finish(step.state)
            if not step.state.purge:
                return False
            await self._write(lambda tx: tx.search.purge())
        await self._pause(self._clock.steady() - began_at, step.position)
        return True

    def _next(self, reading: Reading) -> _Step:
        state = reading.search.state()
        documents: list[Document] = []
        if state.trouble is IndexTrouble.NONE:
            documents = [document_of(one) for one in reading.search.messages_after(state.message_id, self._size)]
        return _Step(state, documents, reading.position())

    async def _count(self, state: IndexState) -> int | None:
        behind = await self._read(lambda reading: reading.search.count_after(state.message_id))
        return state.number + behind if behind > _FAR_BEHIND else None

    async def _add(self, step: _Step) -> None:
        took_ms = 0

        def add(tx: Transaction) -> None:
            nonlocal took_ms
            began_at = self._clock.steady()
            tx.search.add(step.state.message_id, step.documents, self._total or 0)
            took_ms = self._clock.steady() - began_at

        await self._write(add)
        share = _STEP_MS / max(took_ms, 1)
        self._size = max(_LEAST, min(_MOST, round(self._size * min(max(share, 0.5), 2.0))))
        self._say(step.state)

    async def _merge(self) -> None:
        for _ in range(_MERGES):
            if not await self._write(lambda tx: tx.search.merge()):
                return

    async def _pause(self, took_ms: int, position: int) -> None:
        """As long as the step took, or nine times as long where much else is done."""
        now, is_busy = self._clock.steady(), False
        if self._looked_at is not None:
            before, position_before = self._looked_at
            is_busy = (position - position_before) * 1000 > _BUSY_PER_S * max(now - before, 1)
        self._looked_at = (now, position)
        await self._clock.sleep(took_ms * (9 if is_busy else 1) / 1000)

    def _say(self, state: IndexState) -> None:
        if self._total is not None and self._clock.steady() - self._said_at >= _SAID_EVERY_S * 1000:
            self._said_at = self._clock.steady()
            log.info("search: %d of %d messages can be searched", state.number, self._total)

    async def _finish(self, state: IndexState) -> None:
        """Nothing is left to be added."""
        if self._total is not None:
            log.info("search: all %d messages can be searched", state.number)
        self._total = None
        if state.total > state.number:
            await self._write(lambda tx: tx.search.complete(state.message_id))

    async def _read(self, query: Callable[[Reading], T]) -> T:
        return await until_available(lambda: self._store.read(query))

    async def _write(self, use_case: Callable[[Transaction], T]) -> T:
        return await until_available(lambda: self._store.write(use_case))
