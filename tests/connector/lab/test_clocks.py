from __future__ import annotations

import asyncio

from connector.base.clock import SteppingClock, SystemClock
from connector.lab.clocks import FastClock, PacedClock


def test_fast_clocks_with_the_same_start_agree() -> None:
    since = SystemClock().now() - 10_000
    before = SystemClock().now()
    first, second = FastClock(60, since).now(), FastClock(60, since).now()
    after = SystemClock().now()
    assert since + (before - since) * 60 <= first <= second <= since + (after - since) * 60


async def test_a_fast_clocks_hour_is_short() -> None:
    clock = FastClock(1_000_000, SystemClock().now())
    before = clock.now()
    async with asyncio.timeout(60):
        await clock.sleep(3600)
    assert clock.now() - before >= 3_600_000


async def test_a_paced_clock_sleeps_longer_and_has_the_same_time() -> None:
    steps = SteppingClock()
    clock = PacedClock(steps, 3)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        sleeper = group.create_task(clock.sleep(10))
        await asyncio.sleep(0)
        steps.advance(29)
        await asyncio.sleep(0)
        assert not sleeper.done() and clock.now() == steps.now()
        steps.advance(1)
