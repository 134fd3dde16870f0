"""`python -m tests.bench.flood`: strangers let loose on a core, beside genuine hooks and a typing agent.

Three parts: quiet, flood, and 10 s after it; hooks and keys go on through all of them. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.bench.figures import columns, number, percentile
from tests.bench.flood.core_samples import CoreSample, grown_by_second, sampled
from tests.bench.flood.junk import JUNK
from tests.bench.hooks import HOOK
from tests.bench.load import reference
from tests.bench.processes import CLIENT, SERVER, commit, compile_sources, load_average, on_processor, soft_limit, told
from tests.kit.ports import free_port
from tests.kit.running import Core, Desk, town

_AFTER_S = 10.0
_ASK_EVERY_S = 0.25
_DESCRIPTORS = 1024  # the usual soft limit of a service
_BEFORE = 500  # hooks that are there when it begins: 50 conversations
_TOKEN = "token-of-ann"
_DESKS = """
[desks]
listen = "127.0.0.1:{port}"

[agents.ann]
token = "{token}"
"""
Row = tuple[float, float]  # when, and how many ms it took


async def _run(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    quiet_s, flood_s = options.quiet, options.seconds
    whole_s = quiet_s + flood_s + _AFTER_S
    desks_port = free_port()
    desks = _DESKS.format(port=desks_port, token=_TOKEN)
    samples: list[CoreSample] = []
    asked: list[Row] = []
    signed_in: list[Row] = []
    turned_away: list[Row] = []
    async with AsyncExitStack() as stack:
        with on_processor(SERVER), soft_limit(_DESCRIPTORS):
            there = await stack.enter_async_context(town(folder / "town", more=desks))
        core = there.core
        await told("tests.bench.load", core.url + HOOK, str(_BEFORE), "0", "8")
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(sampled(core, samples)),
                group.create_task(_ask(core, asked)),
                group.create_task(_sign_in(desks_port, signed_in, turned_away)),
            ]
            typist = group.create_task(_typist(core, folder, whole_s))
            pace = ("--rate", str(options.hooks), "--seconds", str(whole_s))
            genuine = group.create_task(told("tests.bench.flood.genuine", core.url + HOOK, str(_BEFORE), *pace))
            began = time.perf_counter()
            await asyncio.sleep(quiet_s)
            loosed = time.perf_counter()
            strangers = await _strangers(options, core.port, desks_port)
            gone = time.perf_counter()
            rows = (await genuine)["rows"]
            keys = (await typist)["rows"]
            for task in tasks:
                task.cancel()
        is_alive = core.process is not None and core.process.returncode is None
        stored = await asyncio.to_thread(_stored, core)
        log = core.log.read_bytes()
    window_s = min(60.0, flood_s / 2)
    spans = {
        "quiet": (began, loosed),
        f"first {window_s:.0f} s": (loosed, loosed + window_s),
        f"last {window_s:.0f} s": (gone - window_s, gone),
        "after": (gone + 2, gone + _AFTER_S),
    }
    hooks = [(due_at, took_ms) for _, due_at, took_ms, _ in rows]
    bad = [(due_at, took_ms) for _, due_at, took_ms, answer in rows if not answer.startswith("2")]
    timed = {"genuine hook": hooks, "key to screen": keys, "desk's request": asked, "sign-in over TCP": signed_in}
    failed = {"genuine hooks without a 2xx": bad, "sign-ins over TCP that failed": turned_away}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "load_average": load_average(),
        "options": {name: value for name, value in vars(options).items() if name != "json"},
        "spans": list(spans),
        "figures": {
            name: [figure(start, end) for start, end in spans.values()]
            for name, figure in (_timed(timed, failed) | _of_core(samples)).items()
        },
        "genuine": _verdict(rows, stored),
        "core": {"is_alive": is_alive, "log_lines": log.count(b"\n"), "log_tail": log.decode(errors="replace")[-2000:]},
        "junk": strangers,
    }


async def _typist(core: Core, folder: Path, seconds: float) -> dict[str, Any]:
    return await told(
        "tests.bench.flood.typist", str(core.data / "desk.sock"), str(folder / "state"), "--seconds", str(seconds - 4)
    )


async def _ask(core: Core, asked: list[Row]) -> None:
    """A desk's requests, one after another; one that is not answered counts with the time until that was clear."""
    while True:
        began = time.perf_counter()
        try:
            async with Desk(core, role="tool") as desk:
                conversation = next(iter(desk.conversations))
                while True:
                    began = time.perf_counter()
                    await desk.ask({"type": "get_history", "conversation_id": conversation})
                    asked.append((began, (time.perf_counter() - began) * 1000))
                    await asyncio.sleep(_ASK_EVERY_S)
        except (AssertionError, ConnectionClosed, OSError, TimeoutError):
            asked.append((began, (time.perf_counter() - began) * 1000))
            await asyncio.sleep(_ASK_EVERY_S)


async def _sign_in(port: int, signed_in: list[Row], turned_away: list[Row]) -> None:
    """An agent's desk over TCP, from the address of the genuine hooks, signs in once a second."""
    said = {"kind": "sign_in", "protocol": 1, "desk": "genuine", "agent": "ann", "token": _TOKEN, "role": "tool"}
    while True:
        began = time.perf_counter()
        outcome = turned_away
        with contextlib.suppress(OSError, TimeoutError, WebSocketException):
            async with asyncio.timeout(10), connect(f"ws://127.0.0.1:{port}/desk", compression=None) as socket:
                await socket.recv()
                await socket.send(json.dumps({**said, "store": None, "after": None}))
                if json.loads(await socket.recv())["kind"] == "welcome":
                    outcome = signed_in
        outcome.append((began, (time.perf_counter() - began) * 1000))
        await asyncio.sleep(1)


async def _strangers(options: argparse.Namespace, hooks: int, desks: int) -> dict[str, Any]:
    """By kind of junk, the answers of all processes together and how long connections lasted."""
    sources = [f"127.0.0.{number}" for number in range(2, 2 + options.sources)] or ["127.0.0.1"]
    kinds = [argument for kind in options.kind or () for argument in ("--kind", kind)]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                told(
                    "tests.bench.flood.strangers",
                    *(str(hooks), str(desks), "--sources", ",".join(sources), "--seconds", str(options.seconds)),
                    *("--rate", str(options.strangers / options.processes)),
                    *("--number", str(number), "--share", str(options.processes), *kinds),
                )
            )
            for number in range(options.processes)
        ]
    found: dict[str, Any] = {}
    for name in JUNK:
        parts = [task.result()[name] for task in tasks if name in task.result()]
        if parts:
            answers: Counter[str] = Counter()
            for part in parts:
                answers.update(part["answers"])
            lasted = [part["lasted_s"] for part in parts]
            found[name] = {
                "answers": dict(answers.most_common()),
                "lasted_p50_s": percentile([one[0] for one in lasted], 0.5),
                "lasted_max_s": max(one[1] for one in lasted),
            }
    return found


def _stored(core: Core) -> Counter[str]:
    """How often each reference of a message is stored."""
    with closing(sqlite3.connect(core.data / "textdesk.db")) as database:
        return Counter(row[0] for row in database.execute("SELECT ref FROM messages WHERE ref IS NOT NULL"))


def _verdict(rows: Sequence[tuple[int, float, float, str]], stored: Mapping[str, int]) -> dict[str, Any]:
    taken = [reference(number) for number, _, _, answer in rows if answer.startswith("2")]
    others = [reference(number) for number, _, _, answer in rows if not answer.startswith("2")]
    return {
        "sent": len(rows),
        "taken": len(taken),
        "taken and stored once": sum(stored.get(ref, 0) == 1 for ref in taken),
        "taken and lost": sum(stored.get(ref, 0) == 0 for ref in taken),
        "stored more than once": sum(count > 1 for count in stored.values()),
        "not taken": dict(Counter(answer for _, _, _, answer in rows if not answer.startswith("2"))),
        "not taken, yet stored": sum(stored.get(ref, 0) == 1 for ref in others),
    }


Figures = dict[str, Callable[[float, float], float]]


def _timed(timed: Mapping[str, Sequence[Row]], failed: Mapping[str, Sequence[Row]]) -> Figures:
    def share(rows: Sequence[Row], of: float) -> Callable[[float, float], float]:
        return lambda start, end: percentile([ms for at, ms in rows if start <= at < end] or [float("nan")], of)

    def count(rows: Sequence[Row]) -> Callable[[float, float], float]:
        return lambda start, end: sum(start <= at < end for at, _ in rows)

    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    found = {f"{name} {words}, ms": share(rows, of) for name, rows in timed.items() for words, of in shares.items()}
    return found | {name: count(rows) for name, rows in failed.items()}


def _of_core(samples: Sequence[CoreSample]) -> Figures:
    def within(start: float, end: float) -> list[CoreSample]:
        return [one for one in samples if start <= one.at < end] or [samples[-1]]

    def grown(field: str, times: float = 1.0) -> Callable[[float, float], float]:
        return lambda start, end: grown_by_second(within(start, end), field) * times

    def largest(field: str) -> Callable[[float, float], float]:
        return lambda start, end: max(getattr(one, field) for one in within(start, end))

    return {
        "core: processor, %": grown("processor_s", 100),
        "core: memory, MB": largest("memory_mb"),
        "core: open descriptors": largest("descriptors"),
        "core: disk, kB/s": grown("disk_kb"),
        "core: log, kB/s": grown("log_kb"),
    }


def _printed(found: Mapping[str, Any]) -> str:
    spans = found["spans"]
    rows = [("figure", *spans)]
    rows += [(name, *(number(value) for value in values)) for name, values in found["figures"].items()]
    junk = [("junk", "sent", "lasted p50", "max", "answers")]
    for name, one in found["junk"].items():
        answers = ", ".join(f"{answer}: {count:,}" for answer, count in one["answers"].items())
        sent = f"{sum(one['answers'].values()):,}"
        junk.append((name, sent, f"{one['lasted_p50_s']:.2f} s", f"{one['lasted_max_s']:.1f} s", answers))
    visits = sum(sum(one["answers"].values()) - one["answers"].get("not sent", 0) for one in found["junk"].values())
    rate = visits / found["options"]["seconds"]
    words = [f"strangers: {visits:,} connections, {rate:.0f} a second, those held and opened anew among them"]
    words += [f"{name}: {value}" for name, value in found["genuine"].items()]
    words.append(f"core alive at the end: {found['core']['is_alive']}, {found['core']['log_lines']:,} log lines")
    words.append(f"commit {found['commit']}, load average {found['load_average']:.1f}, byte code compiled")
    return "\n\n".join([columns(rows, {0}), columns(junk, {0, 4}), "\n".join(words)])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.flood", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300, help="of the flood")
    parser.add_argument("--quiet", type=float, default=20, metavar="SECONDS", help="before it, to compare with")
    parser.add_argument("--hooks", type=float, default=20, metavar="N", help="genuine hooks a second")
    parser.add_argument("--strangers", type=float, default=200, metavar="N", help="connections of strangers a second")
    parser.add_argument("--processes", type=int, default=3, metavar="N", help="of strangers")
    parser.add_argument(
        "--sources", type=int, default=19, metavar="N", help="addresses of strangers; 0: that of the genuine hooks"
    )
    parser.add_argument("--kind", action="append", choices=JUNK, help="of junk; all unless given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    compile_sources()
    with tempfile.TemporaryDirectory(prefix="textdesk-flood-") as folder, on_processor(CLIENT):
        found = asyncio.run(_run(options, Path(folder)))
    print(_printed(found))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    verdict = found["genuine"]
    return int(bool(verdict["taken and lost"] or verdict["stored more than once"] or not found["core"]["is_alive"]))


if __name__ == "__main__":
    sys.exit(main())
