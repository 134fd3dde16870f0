"""Keeping what is said of accounts true: signing in now and then, and telling desks when something has changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial

from connector.base.clock import Clock
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.store_monitor import MonitoredStore
from connector.edge.desks.feed import Feed
from connector.services.accounts.health import ProviderHealth, without_store
from connector.store.ports import StoreUnavailable
from connector.wire import frames
from connector.wire.views import AccountView

_CHECK_EVERY_S = 60
_CHECK_AGAIN_S = 10  # while one is not well
_LOOK_EVERY_S = 1.0


class AccountMonitor:
    def __init__(
        self,
        store: MonitoredStore,
        health: ProviderHealth,
        feed: Feed,
        recoveries: RecoveryTask,
        names: Sequence[str],
        clock: Clock,
    ) -> None:
        self._store = store
        self._health = health
        self._feed = feed
        self._recoveries = recoveries
        self._names = names
        self._clock = clock
        self._views: list[AccountView] = []

    def trouble(self) -> str | None:
        """Why nothing can be written, in words; None while all is well."""
        trouble = self._store.trouble()
        return trouble and f"nothing can be stored, so calls are refused and nothing is sent: {trouble}"

    def summary(self) -> list[str]:
        """All that is not as it should be, each once."""
        trouble = self.trouble()
        reasons = [f"{view.account}: {words}" for view in self._views for words in view.reasons if words != trouble]
        return [trouble, *reasons] if trouble else reasons

    def current(self) -> list[AccountView]:
        return self._views

    async def check(self) -> None:
        """An account that can be reached again is gone through for what was missed meanwhile."""
        while True:
            was_well = {name: self._health.is_well(name) for name in self._names}
            await asyncio.gather(*(self._health.check(name) for name in self._names))
            for name in self._names:
                if was_well[name] is False and self._health.is_well(name):
                    self._recoveries.want(name)
            is_well = all(self._health.is_well(name) for name in self._names)
            await self._clock.sleep(_CHECK_EVERY_S if is_well else _CHECK_AGAIN_S)

    async def watch(self) -> None:
        seen: list[AccountView] = []
        while True:
            look = partial(self._health.views, now=self._clock.now(), recovering=self._recoveries.progress)
            with contextlib.suppress(StoreUnavailable):
                seen = await self._store.read(look)
            views = without_store(seen, trouble) if (trouble := self.trouble()) else seen
            if views != self._views:
                self._views = views
                self._feed.tell(frames.encode(frames.AccountsFrame(views)))
            await self._clock.sleep(_LOOK_EVERY_S)
