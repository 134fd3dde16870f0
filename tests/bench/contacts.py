"""`python -m tests.bench.contacts`: an import of 10,000 contacts, and how long it holds up other writes."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import NamedTuple

from connector.base.supervise import Supervisor
from connector.services.contacts import imports
from connector.store.ports import Store
from connector.store.sql.store import open_store
from connector.wire import contacts
from connector.wire.contacts import ContactRow
from tests.kit import postgres
from tests.kit.floor import Desks, desks
from tests.kit.templates import copied

LINES = 10_000
ONE_IN = 20  # of them has an open conversation
PAGE = 200
ROUNDS = 5


class Round(NamedTuple):
    """Milliseconds: of the whole, of its parts, and of the longest wait of another write."""

    whole: float
    stage: float
    apply: float
    follow: float
    wait: float
    wait_before: float


async def probe(store: Store, waits: list[float]) -> None:
    """What a hook waits for: its turn."""
    while True:
        began = time.perf_counter()
        await store.write(lambda tx: tx.latest_id)
        waits.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.001)


def rows(label: str, first: int) -> list[ContactRow]:
    return [
        ContactRow(
            line=number,
            number=f"+1415{2_000_000 + number}",
            name=f"Renée Dubois {number} {label}",
            language="fr",
            attributes={"order": f"A-{number}", "VIP": "yes"},
            notes="Prefers the morning, has a dog.",
        )
        for number in range(first, first + PAGE)
    ]


async def imported(floor: Desks, label: str) -> Round:
    waits: list[float] = []
    async with Supervisor() as tasks:
        tasks.start("probe", probe(floor.office.store, waits))
        await asyncio.sleep(1)
        before = max(waits)
        waits.clear()
        found = await _imported(floor, label)
        tasks.stop()
    return found._replace(wait=max(waits), wait_before=before)


async def _imported(floor: Desks, label: str) -> Round:
    began = time.perf_counter()
    stages = []
    for first in range(0, LINES, PAGE):
        checked = await floor.office.question(contacts.StageContacts(label, rows(label, first)))
        stages.append(await _timed(floor.office.do(imports.stage, "ann", label, checked)))
    apply = await _timed(floor.ask(contacts.ApplyContacts(label, LINES), "ann"))
    whole = (time.perf_counter() - began) * 1000
    follows = [0.0]
    while await floor.office.store.write(lambda tx: tx.contact_imports.first_applied()) is not None:
        follows.append(await _timed(floor.office.do(imports.follow)))
        await asyncio.sleep(0.02)
    return Round(whole, max(stages), apply, max(follows), 0, 0)


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


async def measure(name: str, where: str | Path) -> None:
    store = await open_store(where)
    floor = desks(store)
    await floor.come("ann", capacity=0)
    for number in range(0, LINES, ONE_IN):
        await floor.office.text(consumer=f"+1415{2_000_000 + number}")
    found = [await imported(floor, f"I{number}") for number in range(ROUNDS)]
    print(f"{name}: 10,000 contacts; the first round adds them, the others change all; milliseconds, median and most")
    for field in Round._fields:
        values = [getattr(one, field) for one in found]
        print(f"  {field:12} {statistics.median(values):9,.1f} {max(values):9,.1f}")
    await store.close()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure("SQLite", copied(Path(folder) / "textdesk.db")))
    with postgres.running() as server, server.migrated() as name:
        asyncio.run(measure("PostgreSQL", server.url(name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
