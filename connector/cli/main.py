"""The `textdesk` command: runs one command and ends with an exit code (sysexits.h), and one sentence on failure.

Imports are made where they are needed, so that the desk starts without waiting for the core's packages.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from connector.base.child_command import python_module
from connector.base.loading import loading
from connector.cli import forced_command
from connector.cli.parser import LAB, parser
from connector.cli.run_verb import VERBS
from connector.console.exit_code import exit_code_of
from connector.console.terminal import demand_terminal

if TYPE_CHECKING:
    from connector.client.core_address import CoreAddress


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    return exit_code_of(lambda: _run(argv))


def _run(argv: list[str] | None) -> int:
    options = _options(sys.argv[1:] if argv is None else argv)
    return _COMMANDS[options.command](options)


def _options(argv: list[str]) -> Namespace:
    own = parser().parse_args(argv)
    if own.command is None and forced_command.VARIABLE in os.environ:
        return forced_command.options(os.environ, own) or own
    return own


def _desk(options: Namespace) -> NoReturn:
    demand_terminal("The desk needs a terminal; without one use verbs like `textdesk queue`; --help lists them.")
    core = _core_address(options)
    arguments = [f"--url={url}" for url in core.urls]
    config = None if core.urls else _config(options)
    for name, value in {
        "data": None if core.urls else core.data,
        "config": config,
        "agent": core.agent,
        "token-file": core.token_file,
        "theme": getattr(options, "theme", None),
    }.items():
        if value is not None:
            arguments.append(f"--{name}={value}")
    if getattr(options, "no_mouse", False):
        arguments.append("--no-mouse")
    _become("tui", *arguments)


def _help(options: Namespace) -> int:
    from connector.cli.parser import help_of
    from connector.console.output import write

    if options.topics[:1] and options.topics[0] in LAB:
        _become("connector.lab", options.topics[0], "--help")
    write(help_of(options.topics, forced_command.ALLOWED if forced_command.VARIABLE in os.environ else None).rstrip())
    return 0


def _lab(options: Namespace) -> NoReturn:
    _become("connector.lab", options.command, *options.arguments)


def _become(module: str, *arguments: str) -> NoReturn:
    """Replace this process with one that runs `module`."""
    os.execv(sys.executable, python_module(module, *arguments))


def _serve(options: Namespace) -> int:
    with loading():
        from connector.base.clock import SystemClock
        from connector.core_process import serve

    return serve(_config(options), _data(options), SystemClock(), embedded=options.embedded)


def _relay(options: Namespace) -> int:
    if options.gateway == "status":
        from connector.cli import relay_status

        return relay_status.run(options, _relay_data(options))
    with loading():
        from connector.base.clock import SystemClock
        from connector.relay.process import serve

    return serve(_config(options), _relay_data(options), SystemClock())


def _setup(options: Namespace) -> int:
    from connector import setup

    return setup.run(options)


def _doctor(options: Namespace) -> int:
    with loading():
        from connector.doctor.run import run

    return run(options)


def _segments(options: Namespace) -> int:
    from connector.cli.verbs import segments

    if not options.text:
        return segments.run(sys.stdin, sys.stdout)
    from connector.cli.text_argument import read_text
    from connector.console.output import plain, write

    text = read_text(options.text)
    write(segments.result_line(text) if options.json else plain(segments.words(text)))
    return 0


def _verb(options: Namespace) -> int:
    from connector.cli import run_verb

    return run_verb.run(options, _core_address(options, with_demo=True))


_COMMANDS: dict[str | None, Callable[[Namespace], int]] = {
    None: _desk,
    "help": _help,
    "setup": _setup,
    "serve": _serve,
    "relay": _relay,
    "doctor": _doctor,
    "segments": _segments,
    **dict.fromkeys(LAB, _lab),
    **dict.fromkeys(VERBS, _verb),
}


def _core_address(options: Namespace, *, with_demo: bool = False) -> CoreAddress:
    from connector.client import core_address

    core = core_address.find(options, os.environ, with_demo=with_demo)
    if core.aside:
        from connector.console.output import note

        note(core.aside)
    return core


def _data(options: Namespace) -> Path:
    from connector.base.data_directory import data_dir

    given: Path | None = getattr(options, "data", None)
    return given or data_dir(os.environ)


def _relay_data(options: Namespace) -> Path:
    """The relay's own directory: its data are none of the core's."""
    given: Path | None = getattr(options, "data", None)
    return given or _data(options) / "relay"


def _config(options: Namespace) -> Path | None:
    from connector.config import places

    return places.find(getattr(options, "config", None), _data(options), os.environ)
