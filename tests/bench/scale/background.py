"""What a core does by itself, and what requests read, at 1,000,000 stored messages beside 1,000. In processor time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from connector.base.live import Live
from connector.domain.masking.masking import MaskingRules
from connector.providers.base import Provider
from connector.providers.values import Capabilities
from connector.services.accounts.health import ProviderHealth
from connector.services.routing import absence, desks
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Reading, Transaction
from connector.store.sql.store import open_store
from connector.wire import limits
from tests.bench.figures import Figure
from tests.bench.fill import HOUR_MS, NOW, everything_about, filled, outbox, past, queued
from tests.bench.scale.cores import figure
from tests.kit.use_cases import Office

_LARGE, _SMALL = 1_000_000, 1_000
_OF = f"{_SMALL:,} messages"
_REPLIES = 10_000
_TIMES = 20  # in a round
_NOT_ASKED = SimpleNamespace(capabilities=Capabilities(joins_parts=True, own_opt_out=False))  # a provider
_KINDS = ("send", "settle", "poll", "fetch")


async def measure(rounds: int, folder: Path) -> list[Figure]:
    found: list[Mapping[str, list[float]]] = []
    for messages in (_LARGE, _SMALL):
        data = folder / str(messages)
        filled(data, past(messages), everything_about(messages), queued(100))
        found.append(await _measured(data, rounds))
    for replies in (_REPLIES, _REPLIES // 10):
        data = folder / f"outbox of {replies}"
        filled(data, outbox(replies, lanes=replies))
        found.append(await _measured(data, rounds))
    large, small, long_outbox, short_outbox = found
    return [
        *(figure(name, "ms", _OF, large[name], small[name]) for name in large),
        *(
            figure(name, "ms", f"{_REPLIES // 10:,} replies queued", long_outbox[name], short_outbox[name])
            for name in ("account lights, each second at most", "due work, each second", "replies queued by line")
        ),
    ]


async def _measured(data: Path, rounds: int) -> Mapping[str, list[float]]:
    store = await open_store(data / "textdesk.db")
    try:
        reads, writes = _reads(), _writes(Office(store))
        found: dict[str, list[float]] = {name: [] for name in (*reads, *writes)}
        for _ in range(rounds + 1):
            for name, read in reads.items():
                found[name].append(await store.read(_timed(read)))
            for name, write in writes.items():
                found[name].append(await store.write(_timed(write)))
        return found
    finally:
        await store.close()


def _timed(act: Callable[[Any], object]) -> Callable[[Any], float]:
    """Milliseconds of the thread's processor time."""

    def timed(source: Any) -> float:
        began = time.thread_time()
        for _ in range(_TIMES):
            act(source)
        return (time.thread_time() - began) / _TIMES * 1000

    return timed


def _reads() -> dict[str, Callable[[Reading], object]]:
    health = ProviderHealth(Live({"main": cast(Provider, _NOT_ASKED)}))
    hour_ago, day_ago = NOW - HOUR_MS, NOW - limits.CLOSED_LISTED_MS

    def look(reading: Reading) -> None:
        health.look(reading, NOW)
        health.views(NOW, {}, MaskingRules())

    return {
        "account lights, each second at most": look,
        "due work, each second": lambda reading: [reading.next_due(kind, NOW) for kind in _KINDS],
        "timers, twice a second": lambda reading: reading.next_timer(),
        "traffic of the lines": lambda reading: reading.traffic(hour_ago),
        "replies queued by line": lambda reading: reading.line_depths("send"),
        "lengths of the queues": lambda reading: reading.queue_lengths(),
        "assigned in the last hour": lambda reading: reading.assigned_since(hour_ago),
        "presences of the last day": lambda reading: reading.presence_spans(day_ago, None, 10_000),
        "snapshot of a desk": lambda reading: reading.snapshot(NOW, day_ago),
        "pictures in use, daily": lambda reading: reading.pictures_in_use(NOW),
    }


def _writes(office: Office) -> dict[str, Callable[[Transaction], object]]:
    return {
        "leases and absence, every 10 s": in_unit_of_work(office.live, NOW, absence.maintain, []),
        "leases released at the start": in_unit_of_work(office.live, NOW, desks.release_node, "n1"),
        "receipts of a message": lambda tx: tx.receipts.for_message("main", f"01J{7:023d}", f"SMf{7:031d}"),
    }
