"""`textdesk faults`: run scenarios in which the vendors misbehave, and compare every message."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from connector.base.failure import Failure
from connector.console.failure import CommandFailed

if TYPE_CHECKING:
    from connector.lab.faults.scenario_run import RunSettings, ScenarioResult

_AT_ONCE = 4  # scenarios mostly wait
_CASES_SHOWN = 5
_HEAD = ("SCENARIO", "HANDED OVER", "STORED", "WRITTEN", "SENT", "DOUBLED", "LOST", "UNTRUE", "UNCERTAIN", "OPEN", "")


def add_options(faults: ArgumentParser) -> None:
    faults.add_argument("names", nargs="*", metavar="NAME", help="scenarios, or TOML files; none lists the scenarios")
    faults.add_argument("--all", action="store_true", help="every scenario that comes with textdesk")
    faults.add_argument("--consumers", type=int, default=12, metavar="N", help="number of consumers who text in (12)")
    faults.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed draws the same faults (0)")
    faults.add_argument("--json", action="store_true", help="one JSON object a line")


def run(options: Namespace) -> int:
    """0 when nothing was doubled, lost, untrue or left unsettled; 1 otherwise. Raises CommandFailed."""
    import asyncio

    from connector.lab.faults.scenario_run import RunSettings
    from connector.lab.vendors import fault_scenario as faults

    names = faults.built_in() if options.all else options.names
    if not names:
        return _list(as_json=options.json)
    if not 1 <= options.consumers <= 500:
        raise CommandFailed("--consumers takes 1 to 500.", os.EX_USAGE)
    settings = RunSettings(consumers=options.consumers, seed=options.seed)
    played = asyncio.run(_play_all(names, settings, as_json=options.json))
    if not options.json:
        _print_table(played)
    return 1 if any(one.comparison.violations for one in played) else 0


async def _play_all(names: list[str], settings: RunSettings, *, as_json: bool) -> list[ScenarioResult]:
    import asyncio
    import signal

    from connector.lab.faults.scenario_run import run_scenario

    main = asyncio.current_task()
    assert main is not None
    # On SIGTERM, too, the processes it has started are ended.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> ScenarioResult:
        async with places:
            if not as_json:
                print(f"playing {name}…", file=sys.stderr)
            played = await run_scenario(name, settings)
            if as_json:
                _print_json(played)
            return played

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(name)) for name in names]
    except BaseExceptionGroup as errors:
        failures = errors.subgroup(Failure)
        if failures is None:
            raise
        raise failures.exceptions[0] from None
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    return [task.result() for task in tasks]


def _print_json(played: ScenarioResult) -> None:
    import msgspec

    from connector.console.output import json_line, write

    comparison = msgspec.to_builtins(played.comparison)
    counts = {name: len(value) if isinstance(value, list) else value for name, value in comparison.items()}
    more = {"wrongs": played.comparison.violations, "faults": played.faults, "took_s": played.took_s}
    write(json_line({"scenario": played.scenario, **counts, **more}))


def _print_table(played: list[ScenarioResult]) -> None:
    from connector.console.output import plain, table, write

    rows = []
    for one in played:
        comparison = one.comparison
        counts = (comparison.handed_over, comparison.stored, comparison.written, comparison.sent)
        violations = (len(comparison.doubled), len(comparison.lost), len(comparison.untrue))
        numbers = (*counts, *violations, comparison.uncertain, len(comparison.unsettled))
        rows.append([one.scenario, *map(str, numbers), "not good" if comparison.violations else "good"])
    for line in table(_HEAD, rows):
        write(line)
    for one in played:
        for case in one.comparison.violations[:_CASES_SHOWN]:
            write(plain(f"{one.scenario}: {case}"))
        if (more := len(one.comparison.violations) - _CASES_SHOWN) > 0:
            write(f"{one.scenario}: and {more} more")


def _list(*, as_json: bool) -> int:
    from connector.console.output import json_line, table, write
    from connector.lab.vendors import fault_scenario as faults

    about = {name: faults.load(name).about for name in faults.built_in()}
    if as_json:
        for name, words in about.items():
            write(json_line({"scenario": name, "about": words}))
    else:
        for line in table(("SCENARIO", "WHAT GOES WRONG"), [list(item) for item in about.items()]):
            write(line)
    return 0
