"""`python -m tests.bench.search`: searches at 1,000 and 1,000,000 messages, on SQLite and PostgreSQL.

In one process, from a request's text to its encoded answer. A store that was filled before is used again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tests.bench.processes import commit, load_average
from tests.bench.search.measure import measured, printed
from tests.bench.search.places import ENGINES, place
from tests.kit import postgres


async def _run(options: argparse.Namespace) -> None:
    found = []
    for engine in options.engines.split(","):
        for count in map(int, options.messages.split(",")):
            where = place(engine, options.folder, count, options.server)
            print(f"{engine}, {count:,} messages …", file=sys.stderr, flush=True)
            found.append((engine, count, await measured(where, count, options.rounds)))
    print(printed(found))
    print(f"commit {commit()}, load average {load_average():.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    parser.add_argument("--engines", default=",".join(ENGINES), metavar="NAME,NAME")
    parser.add_argument("--messages", default="1000,1000000", metavar="N,N")
    parser.add_argument("--rounds", type=int, default=40, metavar="N", help="searches of each kind")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/textdesk-search"), metavar="DIR", help="for stores")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with postgres.running(options.folder / "postgresql") as options.server:
        with options.server.admin() as admin:
            admin.execute("ALTER SYSTEM SET fsync = on")
            admin.execute("SELECT pg_reload_conf()")
        asyncio.run(_run(options))


if __name__ == "__main__":
    main()
