"""Processes of a benchmark: what is measured on one processor, what measures on another."""

from __future__ import annotations

import asyncio
import compileall
import json
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from tests.kit.environment import write_byte_code

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PROCESSORS = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = {_PROCESSORS[0]}, {_PROCESSORS[-1]}


@contextmanager
def on_processor(which: Collection[int]) -> Iterator[None]:
    """Processes started in the block inherit the processor, with all their threads."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, which)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def memory_mb(pid: int) -> float:
    """What a living process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def peak_memory_mb(pid: int) -> float:
    """The most that a living process has had in memory."""
    (line,) = (one for one in Path(f"/proc/{pid}/status").read_text().splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


@contextmanager
def soft_limit(descriptors: int) -> Iterator[None]:
    """Processes started in the block begin with this soft limit, which they may raise."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def processor_s(pid: int) -> float:
    """Seconds of processor time a living process and its living children have used so far, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own_s = (int(fields[11]) + int(fields[12])) / _TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own_s + sum(processor_s(int(child)) for child in children)


def compile_sources() -> None:
    """Byte code for all that is measured, also where the environment says to write none; processes inherit it."""
    write_byte_code()
    for package in ("connector", "tui", "tests/bench", "tests/kit"):
        compileall.compile_dir(ROOT / package, quiet=2)


@asynccontextmanager
async def floor_server(folder: Path) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    """The process id and the addresses of a floor that was started for the block."""
    async with _server(SERVER, "tests.bench.floor_server", str(folder / "floor.sock")) as found:
        yield found


@asynccontextmanager
async def fast_vendor() -> AsyncIterator[str]:
    """The URL of a provider that accepts everything at once, on the measuring processor."""
    async with _server(CLIENT, "tests.bench.fast_vendor") as (_, said):
        yield said["url"]


@asynccontextmanager
async def _server(where: Collection[int], module: str, *arguments: str) -> AsyncIterator[tuple[int, dict[str, Any]]]:
    with on_processor(where):
        process = await _started(module, *arguments)
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


def load_average() -> float:
    """Of the last minute."""
    return os.getloadavg()[0]


def commit() -> str:
    """The short id of the checkout's commit, with a mark when files have changed since."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"
