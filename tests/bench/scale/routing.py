"""Routing with 200 agents online, beside 2: a hook that opens a conversation, with room and with a queue of 1,000."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.fill import Fill, agents_online, queued
from tests.bench.processes import fast_vendor
from tests.bench.scale.cores import HookLoad, core_on, figure

_ROOM, _FULL = 1_000_000, 0  # an agent's capacity
_CASES: dict[str, tuple[tuple[Fill, ...], tuple[Fill, ...], str]] = {
    "200 agents with room": ((agents_online(200, capacity=_ROOM),), (agents_online(2, capacity=_ROOM),), "2 agents"),
    "200 agents full, queue of 1,000": (
        (agents_online(200, capacity=_FULL), queued(1_000)),
        (agents_online(2, capacity=_FULL), queued(10)),
        "2 agents full, queue of 10",
    ),
}


async def measure(rounds: int, folder: Path) -> list[Figure]:
    figures = []
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        for name, (large, small, of) in _CASES.items():
            costs: list[list[float]] = [[], []]
            async with AsyncExitStack() as cores:
                loads = [
                    HookLoad(
                        await cores.enter_async_context(core_on(folder / f"{name} {index}", vendor, *fills)),
                        count=300,
                        texts_each=1,
                    )
                    for index, fills in enumerate((large, small))
                ]
                for _ in range(rounds + 1):
                    for load, found in zip(loads, costs, strict=True):
                        found.append((await load.round())["own_us"])
            figures.append(figure(f"routing: processor time of a first text, {name}", "us", of, *costs))
    return figures
