"""100 accounts beside the usual two: start, what an idle core uses, and what it tells desks."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure
from tests.bench.processes import fast_vendor, processor_s
from tests.bench.scale.cores import core_on, figure, pid_of, restarted
from tests.kit.running import Core, Desk

_MORE, _IDLE_S = 98, 5.0
_OF = "2 accounts"
_ACCOUNT = """
[accounts.gateway{number}]
provider = "generic"
send_url = "{vendor}/send"
secret = "secret-of-gateway-{number}"
public_url = "http://127.0.0.1:8080"
numbers = [{{ address = "+1303555{number:04d}", skill = "orders" }}]
"""


class FrameCounter(Desk):
    """Notes the size of each frame of accounts."""

    sizes: list[int]

    async def connect(self) -> None:
        self.sizes = []
        await super().connect()

    async def _told(self, frame: dict[str, Any]) -> None:
        if frame["kind"] == "accounts":
            self.sizes.append(len(json.dumps(frame, ensure_ascii=False, separators=(",", ":"))))
        await super()._told(frame)


async def measure(rounds: int, folder: Path) -> list[Figure]:
    starts: list[list[float]] = [[], []]
    used: list[list[float]] = [[], []]
    idle: list[list[float]] = [[], []]
    frames: list[list[float]] = [[], []]
    sizes: list[list[float]] = [[], []]
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        more = "".join(_ACCOUNT.format(number=number, vendor=vendor) for number in range(_MORE))
        cores = [
            await stack.enter_async_context(core_on(folder / str(index), vendor, more=text))
            for index, text in enumerate((more, ""))
        ]
        for _ in range(rounds + 1):
            for index, core in enumerate(cores):
                started_ms, used_ms = await restarted(core)
                starts[index].append(started_ms)
                used[index].append(used_ms)
                share, count, size = await _idle(core)
                idle[index].append(share)
                frames[index].append(count)
                sizes[index].append(size)
    return [
        figure("accounts: start to attached", "ms", _OF, *starts),
        figure("accounts: processor time of a start", "ms", _OF, *used),
        figure("accounts: processor of an idle core", "%", _OF, *idle),
        figure("accounts: frames of accounts until then", "frames", _OF, *frames),
        figure("accounts: such a frame", "bytes", _OF, *sizes),
    ]


async def _idle(core: Core) -> tuple[float, float, float]:
    """Per cent of a processor while one desk is attached; frames of accounts to that desk; bytes of the last one."""
    desk = FrameCounter(core, role="tool")
    async with desk:
        await asyncio.sleep(2)  # the checks of all accounts at the start
        used = processor_s(pid_of(core))
        await asyncio.sleep(_IDLE_S)
        share = (processor_s(pid_of(core)) - used) / _IDLE_S * 100
        return share, float(len(desk.sizes)), float(desk.sizes[-1])
