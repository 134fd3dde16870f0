"""Keeping what is said of accounts true: signing in now and then, and telling desks when something has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from connector.clock import Clock
from connector.edge.feed import Feed
from connector.edge.outages import through_outages
from connector.edge.recovery import Recoveries
from connector.services.provider_health import ProviderHealth
from connector.store.base import Store
from connector.wire import frames
from connector.wire.views import AccountView

_CHECK_EVERY_S = 60
_CHECK_AGAIN_S = 10  # while one is not well
_LOOK_EVERY_S = 1.0


class Accounts:
    def __init__(
        self,
        store: Store,
        health: ProviderHealth,
        feed: Feed,
        recoveries: Recoveries,
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
        while True:
            look = partial(self._health.views, now=self._clock.now(), recovering=self._recoveries.progress)
            views: list[AccountView] = await through_outages(partial(self._store.read, look))
            if views != self._views:
                self._views = views
                self._feed.tell(frames.encode(frames.Accounts(views)))
            await self._clock.sleep(_LOOK_EVERY_S)
