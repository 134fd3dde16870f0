"""An outbox of 10,000 replies that are due, beside 1,000: how fast it drains at a provider that accepts at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx

from connector.services.work import SEND
from connector.store.ports import Transaction
from connector.store.sql.store import open_store
from connector.store.values import Work
from tests.bench.figures import Figure
from tests.bench.fill import NOW, Fill, filled, held, outbox
from tests.bench.processes import fast_vendor, processor_s
from tests.bench.scale.cores import core_on, figure, pid_of

_SENDS = 600  # measured of each
_CLAIMS = 20
# Replies, and how many consumers they are for: one each, or a hundred to each of a hundred.
_CASES = {"10,000": (10_000, 10_000), "10,000 to 100 consumers": (10_000, 100)}
_SMALL = (1_000, 1_000)
_OF = f"{_SMALL[0]:,} replies"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    figures = []
    for number, (name, case) in enumerate(_CASES.items()):
        found: list[list[tuple[float, float]]] = [[], []]
        claims: list[list[float]] = [[], []]
        for turn in range(rounds + 1):
            for index, (replies, lanes) in enumerate((case, _SMALL)):
                place = folder / f"{number}-{turn}-{index}"
                claims[index].append(await _claimed(place / "claims", _fills(replies, lanes)))
                found[index].append(await _drained(place / "core", _fills(replies, lanes)))
        rates, costs = ([[one[part] for one in each] for each in found] for part in (0, 1))
        figures += [
            figure(f"outbox of {name}: sends", "a second", _OF, *rates),
            figure(f"outbox of {name}: processor time of a send", "us", _OF, *costs),
            figure(f"outbox of {name}: claim of 32", "us", _OF, *claims),
        ]
    return figures


def _fills(replies: int, lanes: int) -> tuple[Fill, ...]:
    return held(lanes), outbox(replies, lanes=lanes)


async def _drained(folder: Path, fills: tuple[Fill, ...]) -> tuple[float, float]:
    """Sends a second and processor time of one in us, over the first few after a core has started."""
    folder.parent.mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        http = await stack.enter_async_context(httpx.AsyncClient())
        core = await stack.enter_async_context(core_on(folder, vendor, *fills))
        pid = pid_of(core)
        first, began, used = await _sends(http, vendor, 50, pid)
        last, ended, used_then = await _sends(http, vendor, first + _SENDS, pid)
        await core.kill()
    return (last - first) / (ended - began), (used_then - used) / (last - first) * 1e6


async def _sends(http: httpx.AsyncClient, vendor: str, count: int, pid: int) -> tuple[int, float, float]:
    """Wait for so many sends; how many there were then, when, and the core's processor time by then."""
    while True:
        sends: int = (await http.get(f"{vendor}/sends")).json()
        if sends >= count:
            return sends, time.perf_counter(), processor_s(pid)
        await asyncio.sleep(0.02)


async def _claimed(folder: Path, fills: tuple[Fill, ...]) -> float:
    """Processor time of one claim with its commit, in us."""
    folder.parent.mkdir(exist_ok=True)
    filled(folder, *fills)
    store = await open_store(folder / "textdesk.db")
    try:
        used_s = 0.0
        for _ in range(_CLAIMS):
            used = time.process_time()
            claimed = await store.write(lambda tx: tx.work.claim(SEND, "node", NOW + 60_000, 32, NOW + 120_000))
            used_s += time.process_time() - used
            assert len(claimed) == 32
            await store.write(partial(_finish, claimed))
        return used_s / _CLAIMS * 1e6
    finally:
        await store.close()


def _finish(work: list[Work], tx: Transaction) -> None:
    for one in work:
        tx.work.done(one.id)
