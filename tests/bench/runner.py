"""The command line of benchmarks: choose some of a table, run each in a folder of its own, print table and JSON."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.bench.processes import commit, compile_sources, load_average

Measure = Callable[[int, Path], Awaitable[list[Figure]]]


Benches = Mapping[str, tuple[str, str]]  # by name: where the function is (module and name), what it measures


def run(name: str, doc: str | None, usual: Benches, on_request: Benches, rounds: int) -> int:
    """Measure the usual ones, or those that were asked for."""
    benches = {**usual, **on_request}
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=doc)
    names = "; ".join(f"{name}: {words}" for name, (_, words) in benches.items())
    parser.add_argument("--only", type=lambda given: given.split(","), metavar="NAME,NAME", help=names)
    parser.add_argument("--rounds", type=int, default=rounds, metavar="N", help="measured rounds, after one to warm up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of below the table")
    options = parser.parse_args()
    if unknown := set(options.only or ()) - set(benches):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    compile_sources()
    figures: list[Figure] = []
    for chosen in options.only or usual:
        where, words = benches[chosen]
        module, _, function = where.rpartition(".")
        print(f"measuring {words} …", file=sys.stderr, flush=True)
        measure: Measure = getattr(importlib.import_module(f"tests.bench.{module}"), function)
        with tempfile.TemporaryDirectory(prefix="textdesk-bench-") as folder:
            figures += asyncio.run(_measured(measure, options.rounds, Path(folder)))
    print(table(figures))
    print(f"commit {commit()}, load average {load_average():.1f}, byte code compiled")
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "load_average": load_average(),
        "rounds": options.rounds,
        "figures": [figure.as_json() for figure in figures],
    }
    if options.json is None:
        print(json.dumps(found, indent=1))
    else:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


async def _measured(measure: Measure, rounds: int, folder: Path) -> list[Figure]:
    return await measure(rounds, folder)
