"""`python -m connector.lab demo|faults|simulate`: what `textdesk demo`, `faults` and `simulate` run.

The `textdesk` command replaces itself with this process, so that no part of the product imports the laboratory.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable

from connector.console.arguments import CommandParser, add_command
from connector.console.exit_code import exit_code_of
from connector.lab.day import command as simulate
from connector.lab.demo import command as demo
from connector.lab.faults import command as faults

_COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "demo": demo.run,
    "faults": faults.run,
    "simulate": simulate.run,
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return exit_code_of(lambda: _run(argv))


def _run(argv: list[str] | None) -> int:
    options = parser().parse_args(argv)
    return _COMMANDS[options.command](options)


def parser() -> CommandParser:
    top = CommandParser(prog="textdesk", description="Simulated vendors, consumers and agents around a real core.")
    commands = top.add_subparsers(prog="textdesk", metavar="COMMAND", required=True)
    demo.add_options(
        add_command(
            commands,
            "demo",
            "the desk with scripted consumers who text in; nothing of it is kept",
            "textdesk demo --headless --seconds 10 --json",
        )
    )
    faults.add_options(
        add_command(
            commands, "faults", "run scenarios of vendor faults, and count every message", "textdesk faults --all"
        )
    )
    simulate.add_options(
        add_command(
            commands,
            "simulate",
            "simulate a day of a contact centre, and show who waited how long",
            "textdesk simulate",
        )
    )
    return top


if __name__ == "__main__":
    sys.exit(main())
