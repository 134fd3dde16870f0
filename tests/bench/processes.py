"""Processes of a benchmark: what is measured on one processor, what measures on another."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PROCESSORS = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = {_PROCESSORS[0]}, {_PROCESSORS[-1]}


@contextmanager
def on_processor(which: set[int]) -> Iterator[None]:
    """Processes started in the block inherit the processor, with all their threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, which)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_s(pid: int) -> float:
    """Seconds of processor time a living process has used so far, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def floor_server(folder: Path) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The process id and the addresses of a floor that was started for the block."""
    with on_processor(SERVER):
        process = await _started("tests.bench.floor_server", str(folder / "floor.sock"))
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            addresses = json.loads(await process.stdout.readline())
        yield process.pid, addresses
    finally:
        process.terminate()
        await process.communicate()


async def told(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that `python -m MODULE` prints, run on the measuring processor."""
    with on_processor(CLIENT):
        process = await _started(module, *arguments)
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} ended with {process.returncode}; its words are above")
    said: dict[str, Any] = json.loads(out)
    return said


async def _started(module: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments), stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
