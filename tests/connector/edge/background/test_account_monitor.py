"""Lights follow what is counted within a second, and an idle core does not read the store for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.domain.status import Status
from connector.edge.background.account_monitor import AccountMonitor
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.store_monitor import MonitoredStore
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.provider import TwilioProvider
from connector.services.accounts.health import ProviderHealth
from connector.store.ports import Reading, StoreUnavailable
from connector.store.sql.store import SqlStore
from connector.wire.views import AccountView
from tests.connector.store.sql.test_outages import files_of
from tests.kit.clocks import WatchedClock
from tests.kit.stores import hook, reply
from tests.kit.use_cases import Office

T = TypeVar("T")
PATIENCE_S = 60.0


class ReadStore(MonitoredStore):
    """Knows how often it was read."""

    reads = 0

    async def read(self, query: Callable[[Reading], T]) -> T:
        self.reads += 1
        return await super().read(query)


class Lights:
    """The monitor of one account on a clock moved by hand, and what it has published."""

    def __init__(self, store: SqlStore, http: OutboundClient) -> None:
        self.clock = WatchedClock()
        self.store = ReadStore(store, self.clock)
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32, auth_token=Secret("2" * 32), numbers=[], public_url="http://127.0.0.1"
        )
        health = ProviderHealth(Live({"main": TwilioProvider("main", settings, http)}))
        brand = Office(store).live
        recovery = RecoveryTask(self.store, brand, Live({}), self.clock)
        self.published: list[list[AccountView]] = []
        self.monitor = AccountMonitor(self.store, health, self.published.append, recovery, brand, self.clock)

    async def seconds(self, count: int) -> None:
        """Let so many pass, one by one."""
        for _ in range(count):
            await self._asleep()
            self.clock.advance(1)
            await asyncio.sleep(0)
        await self._asleep()

    async def _asleep(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.clock.sleepers:
                await asyncio.sleep(0.001)


@pytest.fixture
async def lights(store: SqlStore) -> AsyncIterator[Lights]:
    async with OutboundClient() as http, Supervisor() as tasks:
        made = Lights(store, http)
        tasks.start("publish", made.monitor.publish_changes())
        yield made
        tasks.stop()


async def test_the_store_is_read_when_something_was_counted_and_rarely_else(lights: Lights) -> None:
    await lights.seconds(8)
    assert (lights.store.reads, len(lights.published)) == (1, 1)
    now = lights.clock.now()
    await lights.store.write(lambda tx: tx.hooks.add(hook(at=now)))
    await lights.seconds(1)
    assert lights.store.reads == 2
    assert lights.published[-1][0].last_hook_at == now
    await lights.seconds(9)
    assert (lights.store.reads, len(lights.published)) == (2, 2)
    await lights.seconds(1)  # what is long ago is no longer counted
    assert (lights.store.reads, len(lights.published)) == (3, 2)


async def test_failures_are_shown_within_a_second_and_gone_after_the_hour(lights: Lights) -> None:
    now = lights.clock.now()
    failed = reply(at=now, status=Status.FAILED, code="30034", words="not registered")
    await lights.seconds(1)
    await lights.store.write(lambda tx: tx.messages.add_once(failed))
    await lights.seconds(1)
    (account,) = lights.monitor.current()
    assert (account.state, account.words) == (
        "warning",
        "the only reply of the last hour failed: not registered (30034)",
    )
    await lights.seconds(1)
    lights.clock.advance(3600)
    await lights.seconds(1)
    (account,) = lights.monitor.current()
    assert (account.failed, account.reasons) == (0, [])


async def test_lights_are_red_while_nothing_can_be_stored_and_as_before_once_it_can(lights: Lights) -> None:
    await lights.seconds(1)
    before = lights.monitor.current()
    with files_of(4096), pytest.raises(StoreUnavailable):
        await lights.store.write(lambda tx: tx.hooks.add(hook(body=bytes(64 * 1024))))
    await lights.seconds(1)
    (account,) = lights.monitor.current()
    assert account.state == "down" and "nothing can be stored" in account.words
    assert lights.monitor.problems()[0] in account.reasons
    async with Supervisor() as tasks, asyncio.timeout(PATIENCE_S):
        tasks.start("store", lights.store.run())
        while lights.monitor.problems():
            await lights.seconds(1)
        await lights.seconds(1)
        assert lights.published[-1] == lights.monitor.current() == before
        tasks.stop()
