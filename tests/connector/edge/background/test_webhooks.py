"""The webhook against a receiver that is up, slow, wrong, or down for a day; and the watch that makes its events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.config.on_call import AlertWebhookSettings, OnCallSettings
from connector.edge.background.on_call import watch_alerts
from connector.edge.background.webhooks import WebhookTask
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.services.on_call import webhook
from connector.store.sql.store import SqlStore
from connector.wire import requests
from connector.wire.views import WebhookView
from tests.kit.clocks import WatchedClock
from tests.kit.use_cases import Office
from tests.kit.webhook_receiver import SECRET, WebhookReceiver

PATIENCE_S = 60.0


class Night:
    """A core's watch and its webhook, on a clock moved by hand. The account `main` goes down when it is said to."""

    def __init__(self, store: SqlStore, receiver: WebhookReceiver, folder: Path, tasks: Supervisor) -> None:
        self.office = office = Office(store)
        office.clock = self.clock = WatchedClock()
        self.receiver = receiver
        self.down: dict[str, int] = {}
        hook = AlertWebhookSettings(url=receiver.url, secret=Secret(SECRET))
        self.on_call = OnCallSettings(zone="UTC", lead=["lea"], account_down_s=0, webhook=hook)
        office.brand = replace(office.brand, on_call=self.on_call.rules())
        self.config = Live(replace(load(None), on_call=self.on_call))
        parts = CoreParts(
            config=self.config,
            clock=office.clock,
            node=office.node,
            store=store,
            brand=office.live,
            providers=Live({}),
            pictures=PictureFiles(folder),
            tasks=tasks,
        )
        tasks.start("watch", watch_alerts(store, parts.brand, lambda: self.down, office.clock))
        tasks.start("webhook", WebhookTask(parts).run())

    async def settled(self) -> None:
        """Wait until nothing is under way: both tasks sleep."""
        async with asyncio.timeout(PATIENCE_S):
            while self.clock.sleepers < 2:
                await asyncio.sleep(0.001)

    async def pass_time(self, seconds: float, step_s: float) -> None:
        ends_at = self.clock.now() + seconds * 1000
        await self.settled()
        while self.clock.now() < ends_at:
            self.clock.advance(step_s)
            await asyncio.sleep(0)
            await self.settled()

    async def state(self) -> WebhookView:
        return await self.office.store.read(webhook.state)


@pytest.fixture
async def night(store: SqlStore, tmp_path: Path) -> AsyncIterator[Night]:
    clock: list[WatchedClock] = []
    receiver = WebhookReceiver(lambda: clock[0].now() / 1000)
    async with receiver.running(), Supervisor() as tasks:
        made = Night(store, receiver, tmp_path, tasks)
        clock.append(made.clock)
        yield made
        tasks.stop()


async def test_each_step_is_posted_signed_and_in_order_without_numbers_or_texts(night: Night) -> None:
    night.down = {"main": night.clock.now()}
    await night.pass_time(20, 2)
    await night.office.ask(requests.Acknowledge(), name="ann")
    await night.pass_time(4, 2)
    night.down = {}
    await night.pass_time(100, 10)
    assert night.receiver.types == ["alert.raised", "alert.escalated", "alert.acknowledged", "alert.ended"]
    assert night.receiver.refused == []
    asked = [*night.receiver.taken.values()][1]
    assert asked["data"]["asked"][0]["people"] == ["lea"] and asked["data"]["asked"][0]["as"] == "gap"
    assert asked["timestamp"].endswith("Z") and asked["data"]["kind"] == "account_down"
    state = await night.state()
    assert (state.waiting, state.words, state.given_up_at) == (0, "", None)
    assert state.answered_at is not None


@pytest.mark.parametrize("status", [503, 302, 410])
async def test_a_receiver_that_is_down_for_a_day_gets_everything_once_it_is_up(night: Night, status: int) -> None:
    night.receiver.status = status
    night.down = {"main": night.clock.now()}
    await night.pass_time(120, 10)
    await night.pass_time(24 * 3600, 900)
    waiting = await night.state()
    assert waiting.waiting >= 2 and waiting.words.startswith(f"HTTP {status}")
    posts = len(night.receiver.posts)
    assert 20 < posts < 300 and len(set(night.receiver.posts)) == 1, "the first stands before the others"
    night.receiver.status = 204
    night.down = {}
    await night.pass_time(2 * 3600, 600)
    assert night.receiver.types[0] == "alert.raised" and night.receiver.types[-1] == "alert.ended"
    assert set(night.receiver.types[1:-1]) == {"alert.escalated"}
    assert [*night.receiver.taken] == sorted(night.receiver.taken)
    assert (await night.state()).waiting == 0


async def test_what_nobody_takes_for_three_days_is_given_up(night: Night) -> None:
    night.receiver.secret = SECRET[:-8] + "AAAAAAA="  # it has another one
    night.down = {"main": night.clock.now()}
    await night.pass_time(60, 10)
    night.down = {}
    await night.pass_time(100, 10)
    assert await night.office.store.read(lambda reading: reading.alerts.open()) == []
    await night.pass_time(webhook.RETRY_FOR_S + 12 * 3600, 1800)
    state = await night.state()
    assert (state.waiting, state.answered_at) == (0, None) and state.given_up_at is not None
    assert set(night.receiver.refused) == {"no signature fits"}


async def test_without_a_webhook_what_waits_is_dropped(night: Night) -> None:
    night.receiver.status = 500
    night.down = {"main": night.clock.now()}
    await night.pass_time(20, 2)
    assert (await night.state()).waiting > 0
    night.config.current = replace(night.config.current, on_call=replace(night.on_call, webhook=None))
    night.office.brand = replace(night.office.brand, on_call=None)
    await night.pass_time(3600, 30)
    assert (await night.state()).waiting == 0
