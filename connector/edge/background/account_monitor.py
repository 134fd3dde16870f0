"""Account health: signs in to every provider now and then, and publishes to desks what has changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial

from connector.base.clock import Clock
from connector.base.live import Live
from connector.domain.account import AccountMode
from connector.edge.background.each_account import EachAccount
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.retry import until_available
from connector.edge.background.store_monitor import MonitoredStore
from connector.providers.base import Provider
from connector.services.accounts.health import ProviderHealth, with_warning, without_store
from connector.services.sending import holds
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import StoreUnavailable
from connector.store.values import ChangeKind
from connector.wire.views import AccountView

_CHECK_EVERY_S = 60
_CHECK_AGAIN_S = 10  # while the account is not well
_LOOK_EVERY_S = 1.0
_READ_EVERY_MS = 10_000  # without a change: what was long ago is no longer counted
_CHANGES = (ChangeKind.COUNTS, ChangeKind.WORK)


class AccountMonitor:
    def __init__(
        self,
        store: MonitoredStore,
        health: ProviderHealth,
        publish: Callable[[list[AccountView]], None],
        recovery: RecoveryTask,
        brand: Live[BrandSettings],
        clock: Clock,
        clock_problem: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`publish` sends the state of the accounts to desks; `clock_problem` says what is wrong with the clock."""
        self._store = store
        self._health = health
        self._publish = publish
        self._recovery = recovery
        self._brand = brand
        self._clock = clock
        self._clock_problem = clock_problem
        self._views: list[AccountView] = []
        self._down_since: dict[str, int] = {}
        self.checks = EachAccount(health.providers, self._check)

    def store_problem(self) -> str | None:
        """Why nothing can be stored, in words; None while it can."""
        problem = self._store.problem()
        return problem and f"nothing can be stored, so calls are refused and nothing is sent: {problem}"

    def problems(self) -> list[str]:
        """Everything that is not as it should be, each once."""
        own = [words for words in (self.store_problem(), self._clock_problem()) if words]
        return own + [f"{view.account}: {words}" for view in self._views for words in view.reasons if words not in own]

    def current(self) -> list[AccountView]:
        return self._views

    def down_since(self) -> dict[str, int]:
        """The accounts whose provider is down, and since when it was seen to be. Not those that are switched off."""
        return dict(self._down_since)

    async def _check(self, account: str, provider: Provider) -> None:
        """Sign in to an account periodically.

        One that can be reached again has its missed messages recovered, and a reply of those that are held tried.
        """
        while True:
            was_well = self._health.is_well(account)
            await self._health.check(account, provider)
            is_well = self._health.is_well(account)
            if was_well is False and is_well:
                self._recovery.request(account)
            if not was_well and is_well:
                signed_in = in_unit_of_work(self._brand, self._clock.now(), holds.signed_in, account)
                await until_available(partial(self._store.write, signed_in))
            await self._clock.sleep(_CHECK_EVERY_S if is_well else _CHECK_AGAIN_S)

    async def publish_changes(self) -> None:
        """Publish what has changed, at most once a second; the store is only read when something in it may have."""
        seen: Mapping[ChangeKind, int | None] = dict.fromkeys(_CHANGES)
        read_at: int | None = None  # in steady time
        shown: object = None
        looked_at: Mapping[str, Provider] | None = None
        while True:
            now, steady = self._clock.now(), self._clock.steady()
            latest = {kind: await self._store.wait_for_change(kind, 0, seen[kind]) for kind in _CHANGES}
            is_old = read_at is None or steady - read_at >= _READ_EVERY_MS
            accounts = self._health.providers.current
            is_other = latest != seen or accounts is not looked_at
            if is_other or is_old or self._health.has_queued():  # how long these have waited is shown
                with contextlib.suppress(StoreUnavailable):
                    await self._store.read(partial(self._health.look, now=now))
                    seen, read_at, looked_at = latest, steady, accounts
            problem, recovering = self.store_problem(), dict(self._recovery.progress)
            clock_problem = self._clock_problem()
            state = (read_at, problem, clock_problem, recovering, self._health.sign_ins())
            if state != shown:
                shown = state
                views = self._health.views(now, recovering, self._brand.current.masking)
                down = [view.account for view in views if view.state == "down" and view.mode != AccountMode.OFF]
                self._down_since = {account: self._down_since.get(account, now) for account in down}
                self._publish_views(with_warning(views, clock_problem) if clock_problem else views, problem)
            await self._clock.sleep(_LOOK_EVERY_S)

    def _publish_views(self, views: list[AccountView], problem: str | None) -> None:
        views = without_store(views, problem) if problem else views
        if views != self._views:
            self._views = views
            self._publish(views)
