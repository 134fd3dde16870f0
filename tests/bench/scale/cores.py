"""Cores on stores that were filled before they started, and what is asked of them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.bench.fill import Fill, filled
from tests.bench.hooks import HOOK
from tests.bench.processes import SERVER, on_processor, processor_s, told
from tests.kit.running import Core, Desk

_QUESTIONS = 100  # in a round
_UNPACED = 1_000_000.0  # segments a second


@asynccontextmanager
async def core_on(
    folder: Path, vendor: str, *fills: Fill, more: str = "", core_section: str = ""
) -> AsyncIterator[Core]:
    """A running core whose store these have filled; without any, one with an empty store or of `core_section`."""
    folder.mkdir()
    if not core_section:
        filled(folder / "data", *fills)
    core = Core(folder, vendor, core_section=core_section, more=more, segments_per_s=_UNPACED)
    with on_processor(SERVER):
        await core.start()
    try:
        yield core
    finally:
        if core.process is not None:
            await core.stop()


def pid_of(core: Core) -> int:
    assert core.process is not None
    return core.process.pid


async def restarted(core: Core) -> tuple[float, float]:
    """Stop and start; ms until a desk is attached, and the processor time until then in ms."""
    await core.stop()
    began = time.perf_counter()
    with on_processor(SERVER):
        await core.start()
    async with Desk(core, role="tool"):
        return (time.perf_counter() - began) * 1000, processor_s(pid_of(core)) * 1000


class HookLoad:
    """Hooks of one core, numbered on from round to round. A round gives the processor time of a hook in us, and ms."""

    def __init__(
        self,
        core: Core,
        *,
        count: int,
        connections: int = 64,
        texts_each: int = 10,
        consumers: int = 10**7,
        first: int = 0,
    ) -> None:
        self._core = core
        self._count = count
        self._connections = connections
        self._more = ("--texts-each", str(texts_each), "--consumers", str(consumers))
        self.sent = first

    async def round(self) -> dict[str, float]:
        """`own_us`: processor time of the core for a hook; `per_s`, `p50_ms` and `p99_ms` as the load has them."""
        pid = pid_of(self._core)
        used = processor_s(pid)
        numbers = (str(self._count), str(self.sent), str(self._connections))
        said: dict[str, float] = await told("tests.bench.load", self._core.url + HOOK, *numbers, *self._more)
        self.sent += self._count
        return said | {"own_us": (processor_s(pid) - used) / self._count * 1e6}


async def histories(desk: Desk, conversations: Sequence[str], before: str | None = None) -> float:
    """Milliseconds until a page of history is there: the median of a round."""
    times = []
    for number in range(_QUESTIONS):
        question = {"type": "get_history", "conversation_id": conversations[number % len(conversations)]}
        began = time.perf_counter()
        answer = await desk.ask({**question, "before": before})
        times.append((time.perf_counter() - began) * 1000)
        assert answer["messages"], answer
    return percentile(times, 0.5)


def figure(name: str, unit: str, of: str, large: Sequence[float], small: Sequence[float]) -> Figure:
    """Large case beside small one; the first round of both warms up."""
    return Figure(name, unit, tuple(large[1:]), tuple(small[1:]), of)
