"""A desk's start with 100,000 open conversations, beside 1,000: its first page, its last, and what hooks wait."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct
from websockets.asyncio.client import unix_connect

from tests.bench.figures import Figure
from tests.bench.fill import team
from tests.bench.processes import CLIENT, fast_vendor, on_processor, peak_memory_mb, processor_s
from tests.bench.scale.cores import HookLoad, core_on, figure, pid_of
from tests.kit.running import Core

_LARGE, _SMALL = 100_000, 1_000
_AGENTS = 500
_OF = f"{_SMALL:,} conversations"
_turns = count()
_FRAME = b'{"kind":"snapshot",'


class _Start(Struct, frozen=True):
    """Milliseconds from the connection until the first and the last frame of the snapshot were there."""

    first_ms: float
    last_ms: float
    own_ms: float  # processor time of the core
    megabytes: float


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(size), vendor, team(size, agents=_AGENTS)))
            for size in (_LARGE, _SMALL)
        ]
        found: dict[str, list[list[_Start]]] = {"a desk": [[], []], "a tool or an older desk": [[], []]}
        hooks: dict[str, list[list[float]]] = {"alone": [[], []], "while desks start": [[], []]}
        with on_processor(CLIENT):
            for _ in range(rounds + 1):
                for others, starts in zip((False, True), found.values(), strict=True):
                    for index, core in enumerate(cores):
                        starts[index].append(await _start(core, others=others))
            memory = [peak_memory_mb(pid_of(core)) for core in cores]
            loads = [HookLoad(core, count=1000, connections=1) for core in cores]
            for _ in range(rounds + 1):
                for index, load in enumerate(loads):
                    hooks["alone"][index].append((await load.round())["p99_ms"])
                    hooks["while desks start"][index].append(await _while_desks_start(cores[index], load))
    return [
        *(one for who, starts in found.items() for one in _figures(who, *starts)),
        *(figure(f"hook to answer p99, {when}", "ms", _OF, *times) for when, times in hooks.items()),
        Figure("the core's memory at most, after these starts", "MB", (memory[0],), (memory[1],), _OF),
    ]


def _figures(who: str, large: list[_Start], small: list[_Start]) -> list[Figure]:
    return [
        figure(f"{who}: {words}", unit, _OF, *([getattr(one, name) for one in starts] for starts in (large, small)))
        for name, words, unit in (
            ("first_ms", "first page", "ms"),
            ("last_ms", "all pages", "ms"),
            ("own_ms", "processor time of the core", "ms"),
            ("megabytes", "sent to it", "MB"),
        )
    ]


async def _while_desks_start(core: Core, load: HookLoad) -> float:
    """The same hooks, while desks come one after another."""
    enough = asyncio.Event()

    async def come_and_go() -> None:
        while not enough.is_set():
            await _start(core, others=False)

    async with asyncio.TaskGroup() as group:
        group.create_task(come_and_go())
        p99_ms = (await load.round())["p99_ms"]
        enough.set()
    return p99_ms


async def _start(core: Core, *, others: bool) -> _Start:
    """A desk as docs/protocol.md has it, from its connection to the end of the snapshot."""
    used = processor_s(pid_of(core))
    began = time.perf_counter()
    first = size = 0.0
    path = core.data / "desk.sock"
    async with unix_connect(str(path), "ws://localhost/desk", compression=None, max_size=2**23) as socket:
        await socket.recv()
        # Another agent each time: the bounds of one would have the next start wait.
        agent = f"agent{next(_turns) % _AGENTS:03d}"
        sign_in: dict[str, Any] = {"kind": "sign_in", "protocol": 1, "desk": "bench", "agent": agent, "role": "tool"}
        await socket.send(json.dumps({**sign_in, "others": others, "takes_batches": True}))
        while True:
            frame = await socket.recv(decode=False)
            size += len(frame)
            if frame.startswith(_FRAME):
                first = first or time.perf_counter()
                if b'"more":false' in frame[:200]:
                    break
        last = time.perf_counter()
    own_s = processor_s(pid_of(core)) - used
    return _Start((first - began) * 1000, (last - began) * 1000, own_s * 1000, size / 1e6)
