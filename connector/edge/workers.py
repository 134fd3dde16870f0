"""The core's own hands: sending, looking up, checking accounts, renewing leases, sweeping, purging."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from msgspec.structs import replace

from connector.clock import Clock
from connector.edge.desk_socket import DeskSocket
from connector.edge.feed import Feed
from connector.providers.base import Outgoing, Provider
from connector.services import presence
from connector.services.outbox import SETTLE, Outbox
from connector.services.provider_health import ProviderHealth
from connector.services.reply import SEND
from connector.store.base import Store, StoreUnavailable, Transaction, Work
from connector.supervise import Supervisor
from connector.wire import frames
from connector.wire.views import AccountView

log = logging.getLogger(__name__)

_IN_FLIGHT = 32
_POLL_S = 1.0
_STORE_PAUSE_S = 1.0
_CHECK_EVERY_S = 60
_LOOK_EVERY_S = 1.0
_RENEW_EVERY_S = presence.LEASE_S / 3
_PURGE_EVERY_S = 3600
_DAY_MS = 24 * 3_600_000
_HOOKS_KEPT_MS = 14 * _DAY_MS
_FACTS_KEPT_MS = 3 * _DAY_MS
_REQUESTS_KEPT_MS = 14 * _DAY_MS

Claimed = list[tuple[Work, Outgoing]]


class Carriers:
    """Take replies to their providers, many at once, but one at a time to each phone (the store's lanes see to it)."""

    def __init__(
        self, store: Store, outbox: Outbox, providers: Mapping[str, Provider], clock: Clock, tasks: Supervisor
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._providers = providers
        self._clock = clock
        self._tasks = tasks
        self._places = {SEND: _IN_FLIGHT, SETTLE: _IN_FLIGHT}
        self._freed = asyncio.Event()
        self._is_stopping = False
        self._busy = 0  # loops that may still start a call, and calls that are out

    async def drain(self, limit_s: float) -> None:
        """Claim nothing more, and wait for the calls that are out; one that takes too long becomes uncertain."""
        self._is_stopping = True
        self._freed.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._busy:
                    self._freed.clear()
                    await self._freed.wait()

    async def send(self) -> None:
        await self._carry(SEND, self._outbox.begin, self._send)

    async def settle(self) -> None:
        await self._carry(SETTLE, self._outbox.claim_look_ups, self._look_up)

    async def _carry(
        self,
        kind: str,
        claim: Callable[[Transaction, int, int], Claimed],
        carry: Callable[[Work, Outgoing], Coroutine[Any, Any, None]],
    ) -> None:
        self._busy += 1
        seen: int | None = None
        while not self._is_stopping:
            claimed: Claimed = []
            if self._places[kind]:
                claimed = await through_outages(
                    lambda: self._store.write(lambda tx: claim(tx, self._places[kind], self._clock.now()))
                )
            for work, message in claimed:
                self._places[kind] -= 1
                self._busy += 1
                self._tasks.start(f"{kind} {work.id}", self._one(kind, carry(work, message)))
            if not claimed:
                seen = await self._wait(kind, seen)
        self._busy -= 1
        self._freed.set()

    async def _wait(self, kind: str, seen: int | None) -> int | None:
        """Until something may be due: a commit, a freed place, the next retry; at the latest a moment later."""
        if not self._places[kind]:
            self._freed.clear()
            await self._freed.wait()
            return seen
        now = self._clock.now()
        due = await through_outages(lambda: self._store.read(lambda reading: reading.next_due(kind, now)))
        pause_s = _POLL_S if due is None else min(_POLL_S, max(0.0, (due - now) / 1000))
        return await self._store.changed(pause_s, seen)

    async def _one(self, kind: str, carry: Coroutine[Any, Any, None]) -> None:
        try:
            await carry
        finally:
            self._places[kind] += 1
            self._busy -= 1
            self._freed.set()

    async def _send(self, work: Work, message: Outgoing) -> None:
        outcome = await self._providers[work.account].send(message)
        now = self._clock.now()
        await through_outages(
            lambda: self._store.write(partial(self._outbox.record, work=work, outcome=outcome, now=now))
        )

    async def _look_up(self, work: Work, message: Outgoing) -> None:
        found = await self._providers[work.account].find(message)
        now = self._clock.now()
        await through_outages(lambda: self._store.write(partial(self._outbox.settle, work=work, found=found, now=now)))


async def through_outages(attempt: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Do it until the store takes it. What is to be recorded stays in hand while the database is away."""
    while True:
        try:
            return await attempt()
        except StoreUnavailable as error:
            log.error("the store is not available, trying again: %s", error)
            await asyncio.sleep(_STORE_PAUSE_S)


class Accounts:
    """Keeps the panels true: signs in now and then, and tells desks when an account's state has changed."""

    def __init__(self, store: Store, health: ProviderHealth, feed: Feed, names: list[str], clock: Clock) -> None:
        self._store = store
        self._health = health
        self._feed = feed
        self._names = names
        self._clock = clock
        self._views: list[AccountView] = []

    def current(self) -> list[AccountView]:
        return self._views

    async def check(self) -> None:
        while True:
            await asyncio.gather(*(self._health.check(name) for name in self._names))
            await self._clock.sleep(_CHECK_EVERY_S)

    async def watch(self) -> None:
        while True:
            look = partial(self._health.views, now=self._clock.now())
            views: list[AccountView] = await through_outages(partial(self._store.read, look))
            if views != self._views:
                self._views = views
                self._feed.tell(frames.encode(frames.Accounts(views)))
            await self._clock.sleep(_LOOK_EVERY_S)


async def keep_leases(store: Store, desks: DeskSocket, clock: Clock) -> None:
    """Renew the leases of this core's desks, and sweep those of cores that died."""
    while True:
        held = [replace(desk, lease_until=desks.lease_until()) for desk in desks.desks.values()]

        def renew(tx: Transaction, held: list[Any] = held) -> None:
            for desk in held:
                if desk.id in desks.desks:
                    tx.agents.put_desk(desk)
            presence.sweep(tx, clock.now())

        await through_outages(partial(store.write, renew))
        await clock.sleep(_RENEW_EVERY_S)


async def purge(store: Store, clock: Clock) -> None:
    """Drop what is kept for a while only: raw hooks, told facts, remembered requests."""
    while True:
        now = clock.now()

        def drop(tx: Transaction, now: int = now) -> None:
            tx.purge(now - _HOOKS_KEPT_MS, now - _FACTS_KEPT_MS, now - _REQUESTS_KEPT_MS)

        await through_outages(partial(store.write, drop))
        await clock.sleep(_PURGE_EVERY_S)
