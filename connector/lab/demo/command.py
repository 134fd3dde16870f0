"""`textdesk demo`: options, and the choice between the desk and the scripted agent."""

from __future__ import annotations

import math
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from connector.console.failure import CommandFailed
from connector.console.terminal import demand_terminal

_NEEDS_TERMINAL = "The demo needs a terminal; without one use `textdesk demo --headless --seconds 10 --json`."


def add_options(demo: ArgumentParser) -> None:
    demo.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed gives the same consumers (0)")
    demo.add_argument(
        "--pace", type=_above_zero, metavar="X", help="length of the consumers' waits; 1 is as in life (headless: 0.1)"
    )
    demo.add_argument(
        "--faults", default="calm", metavar="NAME", help="vendors that misbehave; `textdesk faults` lists how (calm)"
    )
    demo.add_argument("--theme", metavar="NAME", help="the colours of the desk: dark, light, …")
    demo.add_argument("--no-mouse", action="store_true", help="the desk leaves the mouse to the terminal")
    demo.add_argument("--headless", action="store_true", help="no desk: a scripted agent answers")
    demo.add_argument("--seconds", type=_above_zero, metavar="N", help="with --headless: how long (10)")
    demo.add_argument("--json", action="store_true", help="with --headless: one JSON object a line")


def run(options: Namespace) -> int:
    from connector.lab.vendors import fault_scenario

    try:
        fault_scenario.load(options.faults)
    except ValueError as error:
        raise CommandFailed(str(error), os.EX_USAGE) from None
    if options.headless:
        from connector.lab.demo import headless

        pace, seconds = options.pace or 0.1, options.seconds or 10.0
        return headless.run(options.seed, pace, options.faults, seconds, as_json=options.json)
    if options.json or options.seconds:
        raise CommandFailed("--json and --seconds go with --headless.", os.EX_USAGE)
    demand_terminal(_NEEDS_TERMINAL)
    from connector.lab.demo import on_terminal

    of_desk = [f"--theme={options.theme}"] if options.theme else []
    of_desk += ["--no-mouse"] if options.no_mouse else []
    return on_terminal.run(options.seed, options.pace or 1.0, options.faults, of_desk)


def _above_zero(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return value
