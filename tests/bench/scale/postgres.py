"""Hooks with PostgreSQL (fsync on, a Unix socket), beside SQLite."""

from __future__ import annotations

from contextlib import AsyncExitStack, closing
from pathlib import Path

import psycopg

from tests.bench.figures import Figure
from tests.bench.processes import CLIENT, fast_vendor, on_processor
from tests.bench.scale.cores import HookLoad, core_on, figure
from tests.kit import postgres

_COUNTS = {1: 200, 64: 1000}  # hooks in a round, by connections
_OF = "SQLite"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    figures = []
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        with on_processor(CLIENT):
            server = stack.enter_context(postgres.running())
        with server.admin() as admin:
            admin.execute("ALTER SYSTEM SET fsync = on")
            admin.execute("SELECT pg_reload_conf()")
        url = server.url(stack.enter_context(server.migrated()))
        cores = [
            await stack.enter_async_context(core_on(folder / "pg", vendor, core_section=f'database = "{url}"')),
            await stack.enter_async_context(core_on(folder / "sqlite", vendor)),
        ]
        sent = 0
        for connections, count in _COUNTS.items():
            where = f"{connections} connection{'s' if connections > 1 else ''}"
            loads = [HookLoad(core, count=count, connections=connections, first=sent) for core in cores]
            rows: list[list[dict[str, float]]] = [[], []]
            for _ in range(rounds + 1):
                for load, found in zip(loads, rows, strict=True):
                    found.append(await load.round())
            sent = loads[0].sent
            for name, unit, key in (
                ("hooks taken durably", "a second", "per_s"),
                ("core's processor time of a hook", "us", "own_us"),
                ("hook to answer p99", "ms", "p99_ms"),
            ):
                values = ([one[key] for one in found] for found in rows)
                figures.append(figure(f"PostgreSQL: {name}, {where}", unit, _OF, *values))
        with closing(psycopg.connect(url)) as connection:
            stored = connection.execute("SELECT count(DISTINCT ref), count(*) FROM messages").fetchone()
        if stored != (sent, sent):
            raise RuntimeError(f"{sent} hooks were answered with 2xx; stored (distinct, all): {stored}")
    return figures
