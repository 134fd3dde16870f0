"""What the core's process has and uses, read once a second from /proc and its folder."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tests.bench.processes import memory_mb, processor_s
from tests.kit.running import Core


class CoreSample(Struct, frozen=True):
    at: float  # by the performance counter
    processor_s: float
    memory_mb: float
    descriptors: int
    disk_kb: float  # database, write-ahead log and whatever else is in the data directory
    log_kb: float


def sample(core: Core) -> CoreSample:
    assert core.process is not None
    pid = core.process.pid
    return CoreSample(
        at=time.perf_counter(),
        processor_s=processor_s(pid),
        memory_mb=memory_mb(pid),
        descriptors=len(os.listdir(f"/proc/{pid}/fd")),
        disk_kb=sum(_size(path) for path in core.data.rglob("*")) / 1024,
        log_kb=_size(core.log) / 1024,
    )


async def sampled(core: Core, samples: list[CoreSample]) -> None:
    """One a second, for ever; ends when the core has ended."""
    while core.process is not None and core.process.returncode is None:
        try:
            samples.append(sample(core))
        except FileNotFoundError:  # the process has just gone
            return
        await asyncio.sleep(1)


def grown_by_second(samples: Sequence[CoreSample], field: str) -> float:
    """How much a field grew between the first and the last of them, by the second."""
    first, last = samples[0], samples[-1]
    grown: float = getattr(last, field) - getattr(first, field)
    return grown / max(last.at - first.at, 0.001)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except FileNotFoundError:  # a journal that was just removed
        return 0
