"""A hook, a page of history and a start at 1,000,000 stored messages, beside 1,000."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.fill import past, queued
from tests.bench.processes import fast_vendor
from tests.bench.scale.cores import HookLoad, core_on, figure, histories, restarted
from tests.kit.running import Desk

_LARGE, _SMALL = 1_000_000, 1_000
_OF = f"{_SMALL:,} messages"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(count), vendor, past(count), queued(100)))
            for count in (_LARGE, _SMALL)
        ]
        first = [await restarted(core) for core in cores]
        starts: list[list[tuple[float, float]]] = [[], []]
        hooks: list[list[float]] = [[], []]
        pages: list[list[float]] = [[], []]
        for _ in range(rounds + 1):
            for core, found in zip(cores, starts, strict=True):
                found.append(await restarted(core))
        loads = [HookLoad(core, count=1000) for core in cores]
        desks = [await stack.enter_async_context(Desk(core, role="tool")) for core in cores]
        for _ in range(rounds + 1):
            for index, (load, desk, count) in enumerate(zip(loads, desks, (_LARGE, _SMALL), strict=True)):
                hooks[index].append((await load.round())["own_us"])
                some = [f"01J{random.randrange(count // 10):023d}" for _ in range(100)]
                pages[index].append(await histories(desk, some))
    return [
        figure("processor time of a hook, 64 connections", "us", _OF, *hooks),
        figure("history of 10 messages p50", "ms", _OF, *pages),
        figure("start to attached", "ms", _OF, *([one[0] for one in found] for found in starts)),
        figure("processor time of a start", "ms", _OF, *([one[1] for one in found] for found in starts)),
        Figure("second start after the fill", "ms", (first[0][0],), (first[1][0],), _OF),
    ]
