"""How many hooks a second the core takes durably, beside a server that only reads the form and answers."""

from __future__ import annotations

import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure
from tests.bench.load import reference
from tests.bench.processes import SERVER, floor_server, on_processor, processor_s, told
from tests.kit.running import Core, town

HOOK = "/hooks/twilio/main/inbound"
_COUNTS = {1: 600, 64: 2400}  # hooks in a round, by connections
_FLOOR = "aiohttp reads the form and answers"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    """Hooks a second, processor time a hook, and time to the answer; for one connection and for 64."""
    async with AsyncExitStack() as stack:
        with on_processor(SERVER):
            core = (await stack.enter_async_context(town(folder / "town"))).core
        assert core.process is not None
        floor_pid, floor = await stack.enter_async_context(floor_server(folder))
        sent = 0
        figures: list[Figure] = []
        for connections, count in _COUNTS.items():
            ours, bare = list[dict[str, float]](), list[dict[str, float]]()
            for _ in range(rounds + 1):
                ours.append(await _round(core.url + HOOK, core.process.pid, count, sent, connections))
                sent += count
                bare.append(await _round(floor["url"] + "/answer", floor_pid, count, 0, connections))
            figures += _figures(connections, ours[1:], bare[1:])  # the first warms both up
        check(core, sent)
        return figures


async def _round(url: str, pid: int, count: int, first: int, connections: int) -> dict[str, float]:
    used = processor_s(pid)
    said: dict[str, float] = await told("tests.bench.load", url, str(count), str(first), str(connections))
    return said | {"own_us": (processor_s(pid) - used) / count * 1e6}


def _figures(connections: int, ours: list[dict[str, float]], bare: list[dict[str, float]]) -> list[Figure]:
    where = f"{connections} connection{'s' if connections > 1 else ''}"
    load = f"{_FLOOR}; load used {median(one['load_share'] for one in ours):.0%} / "
    load += f"{median(one['load_share'] for one in bare):.0%} of its processor"

    def figure(name: str, unit: str, key: str, of: str = _FLOOR) -> Figure:
        return Figure(name, unit, tuple(one[key] for one in ours), tuple(one[key] for one in bare), of)

    return [
        figure(f"hooks taken durably, {where}", "a second", "per_s", load),
        figure(f"processor time of a hook, {where}", "us", "own_us"),
        figure(f"hook to answer p50, {where}", "ms", "p50_ms"),
        figure(f"hook to answer p99, {where}", "ms", "p99_ms"),
    ]


def check(core: Core, sent: int) -> None:
    """Raises RuntimeError unless every message that was answered is stored, once."""
    with closing(sqlite3.connect(core.data / "textdesk.db")) as database:
        rows = database.execute("SELECT r.ref FROM messages m JOIN message_refs r ON r.message_id = m.id").fetchall()
    expected = {reference(number) for number in range(sent)}
    if len(rows) != sent or {row[0] for row in rows} != expected:
        raise RuntimeError(f"{sent} hooks were answered with 2xx, and {len(rows)} messages are stored")
