"""`python -m tests.bench`: measure, beside floors, what people would feel. See docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.figures import Figure, table
from tests.bench.processes import commit, compile_sources, load_average

_BENCHES = {
    "hooks": ("hooks.measure", "hooks taken durably a second"),
    "to_desk": ("to_desk.measure", "from a hook to its event at a desk"),
    "paint": ("desk.paint", "first paint of the desk"),
    "compose": ("desk.compose", "a letter in the compose pane"),
    "cursor": ("desk.cursor", "the cursor down a queue of 10,000"),
}
Measure = Callable[[int, Path], Awaitable[list[Figure]]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = "; ".join(f"{name}: {words}" for name, (_, words) in _BENCHES.items())
    parser.add_argument("--only", action="append", choices=_BENCHES, metavar="NAME", help=names)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="measured rounds, after one to warm up")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON there instead of below the table")
    options = parser.parse_args()
    compile_sources()
    figures: list[Figure] = []
    for name in options.only or _BENCHES:
        where, words = _BENCHES[name]
        module, _, function = where.partition(".")
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


if __name__ == "__main__":
    sys.exit(main())
