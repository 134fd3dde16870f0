"""`python -m connector.lab.simulator`: prints one JSON line when it is ready, and runs until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path

from connector.console.output import plain
from connector.lab.simulator.serve import SimulatorSettings, run_simulator
from connector.lab.simulator.world import DEMO, load
from connector.lab.vendors import fault_scenario


def main() -> int:
    options = _options()
    try:
        world = load(options.world) if options.world else DEMO
        scenario = fault_scenario.load(options.faults)
    except ValueError as error:
        return _fail(str(error), 2)
    settings = SimulatorSettings(
        data=options.data,
        world=world,
        port=options.port,
        seed=options.seed,
        pace=options.pace,
        with_script=options.script == "demo",
        core=options.core,
        scenario=scenario,
    )
    code = 0
    try:
        asyncio.run(_serve(settings, with_parent=options.with_parent))
    except* OSError as group:
        code = _fail(f"The simulator cannot go on: {_first(group)}", 1)
    return code


async def _serve(settings: SimulatorSettings, *, with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if with_parent:
        threading.Thread(target=_watch_stdin, args=(loop, stop), daemon=True).start()
    async with run_simulator(settings) as context:
        for aside in context.phonebook.moved_aside:
            print(f"The old message log was damaged; it is kept as {aside}.", file=sys.stderr)
        print(json.dumps({"ready": True, "url": context.url, "control": context.control_url}), flush=True)
        await stop.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Read the descriptor: sys.stdin's lock, held by this thread, would break the interpreter's exit.
    while os.read(0, 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m connector.lab.simulator", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory for the phone book and message log")
    parser.add_argument("--core", help="base address of the core's /hooks; without it, POST /sim/core sets it")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (a free one)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same run (0)")
    parser.add_argument("--script", choices=("demo", "none"), default="demo", help="let the consumers text (demo)")
    parser.add_argument("--pace", type=float, default=1.0, help="factor of all waits, 1 is real time (1)")
    parser.add_argument("--world", type=Path, help="TOML file with accounts and people, instead of the demo's")
    parser.add_argument(
        "--faults",
        default="calm",
        metavar="NAME|FILE",
        help=f"what goes wrong: {', '.join(fault_scenario.built_in())}, or a TOML file (calm)",
    )
    parser.add_argument("--with-parent", action="store_true", help="stop when stdin ends")
    return parser.parse_args()


def _first(group: BaseExceptionGroup[OSError]) -> BaseException:
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first


def _fail(words: str, code: int) -> int:
    print(plain(words), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
