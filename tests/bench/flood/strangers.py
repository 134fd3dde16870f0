"""Strangers as one process: `python -m tests.bench.flood.strangers HOOKS DESKS --sources A,B --rate N --seconds S`.

HOOKS and DESKS are ports on 127.0.0.1; each connection comes from the next of the sources. Prints one JSON object: by
kind of junk, how often it was answered how, and the seconds a connection lasted (median, largest).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import median

from tests.bench.flood.junk import JUNK, Junk

_MOST_OPEN = 600  # of a process, those that are held not counted
_PATIENCE_S = 20.0
_SNIFFED = 65536
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


class Stranger(asyncio.Protocol):
    """One connection. `ended` gets how it was answered."""

    def __init__(self, junk: Junk) -> None:
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._junk = junk
        self._came = b""
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._junk.is_deaf:
            transport.pause_reading()
        transport.write(self._junk.first)
        self._drip()

    def _drip(self) -> None:
        if self._junk.every_s and not self.ended.done():
            self._timer = asyncio.get_running_loop().call_later(self._junk.every_s, self._more)

    def _more(self) -> None:
        if self._transport.get_write_buffer_size() < _SNIFFED:
            self._transport.write(self._junk.then)
        self._drip()

    def data_received(self, data: bytes) -> None:
        self._came = (self._came + data)[-_SNIFFED:]
        if b"\r\n\r\n" in self._came and not self._junk.waits_for_close:
            self.end(self._answer())

    def connection_lost(self, error: Exception | None) -> None:
        self.end(self._answer() if self._came else "reset" if error else "closed")

    def end(self, answer: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self.ended.done():
            self.ended.set_result(answer)
            self._transport.abort()

    def _answer(self) -> str:
        """The HTTP status; of a websocket the code it was closed with."""
        found = _STATUS.match(self._came)
        status = found[1].decode() if found else "not HTTP"
        if status == "101":
            closing = self._came.rfind(b"\x88")
            code = int.from_bytes(self._came[closing + 2 : closing + 4]) if closing >= 0 else None
            return f"101, closed {code or 'without a code'}"
        return status


class Crowd:
    """All strangers of this process, and how they fared."""

    def __init__(self, ports: tuple[int, int], sources: list[str]) -> None:
        self._ports = ports
        self._sources = itertools.cycle(sources)
        self._open = 0
        self.answers: dict[str, Counter[str]] = {name: Counter() for name in JUNK}
        self.lasted_s: dict[str, list[float]] = {name: [] for name in JUNK}

    async def visit(self, name: str, junk: Junk, patience_s: float) -> None:
        began = time.perf_counter()
        self.answers[name][await self._visited(junk, patience_s)] += 1
        self.lasted_s[name].append(time.perf_counter() - began)

    async def _visited(self, junk: Junk, patience_s: float) -> str:
        stranger = None
        try:
            async with asyncio.timeout(patience_s):
                _, stranger = await asyncio.get_running_loop().create_connection(
                    lambda: Stranger(junk),
                    "127.0.0.1",
                    self._ports[junk.is_at_desks],
                    local_addr=(next(self._sources), 0),
                )
                return await asyncio.shield(stranger.ended)
        except TimeoutError:
            if stranger is None:
                return "no connection"
            stranger.end("no answer")
            return stranger.ended.result()
        except OSError:
            return "no connection"

    async def keep(self, name: str, make: Callable[[], Junk], until: float) -> None:
        """Hold one connection open, and open it anew when it was closed."""
        while (left_s := until - time.perf_counter()) > 0:
            await self.visit(name, make(), left_s)
            await asyncio.sleep(0.2)

    async def flood(self, kinds: Iterator[str], rate: float, until: float) -> None:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                await asyncio.sleep(began + number / rate - time.perf_counter())
                if time.perf_counter() >= until:
                    return
                name = next(kinds)
                if self._open >= _MOST_OPEN:
                    self.answers[name]["not sent"] += 1
                    continue
                self._open += 1
                group.create_task(self._visit_counted(name, min(_PATIENCE_S, until - time.perf_counter())))

    async def _visit_counted(self, name: str, patience_s: float) -> None:
        try:
            await self.visit(name, JUNK[name](), patience_s)
        finally:
            self._open -= 1


async def _run(options: argparse.Namespace) -> dict[str, object]:
    sources: list[str] = options.sources.split(",")
    crowd = Crowd((options.hooks, options.desks), sources)
    until = time.perf_counter() + options.seconds
    kinds = options.kind or list(JUNK)
    held = {name: JUNK[name]().held // options.share for name in kinds}
    rated = [name for name in kinds if not JUNK[name]().held]
    start = options.number * len(rated) // options.share
    async with asyncio.TaskGroup() as group:
        if rated:
            turns = itertools.cycle(rated[start:] + rated[:start])
            group.create_task(crowd.flood(turns, options.rate, until))
        for name, count in held.items():
            for _ in range(count):
                group.create_task(crowd.keep(name, JUNK[name], until))
    return {
        name: {"answers": crowd.answers[name], "lasted_s": [median(lasted_s), max(lasted_s)]}
        for name, lasted_s in crowd.lasted_s.items()
        if lasted_s or crowd.answers[name]
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("hooks", type=int)
    parser.add_argument("desks", type=int)
    parser.add_argument("--sources", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--number", type=int, default=0, help="of this process")
    parser.add_argument("--share", type=int, default=1, help="the number of processes, which share what is held")
    parser.add_argument("--kind", action="append", choices=JUNK)
    options = parser.parse_args()
    with contextlib.suppress(OSError):
        os.nice(10)  # strangers have machines of their own; here they are not to take the desk's time
    print(json.dumps(asyncio.run(_run(options))))


if __name__ == "__main__":
    main()
