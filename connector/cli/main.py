"""The `textdesk` command: runs what was asked for, and ends with an exit code (sysexits.h) and one sentence.

Nothing is imported before it is needed, so that the desk starts without waiting for the core's packages.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from connector.base.failure import Failure
from connector.cli.dispatch import VERBS
from connector.cli.options import parser
from connector.console.failure import CommandFailed

if TYPE_CHECKING:
    from connector.client.link import CoreAddress


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to fail
    try:
        options = parser().parse_args(argv)
        code = _COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except Failure as failure:
        return _fail(str(failure), failure.exit_code)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has seen enough. What is left in the buffer has nowhere to go, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}.", os.EX_IOERR)


def _fail(words: str, code: int) -> int:
    from connector.sms.text import shown

    print(f"textdesk: {shown(words, keep_newlines=False)}", file=sys.stderr)
    return code


def _desk(options: Namespace) -> NoReturn:
    _demand_terminal("The desk needs a terminal; without one use verbs like `textdesk queue`; --help lists them.")
    arguments = [sys.executable, "-m", "tui"]
    if getattr(options, "url", None) is None:
        options.config = _config(options)
    for name in ("data", "config", "agent", "url", "token_file"):
        if (value := getattr(options, name, None)) is not None:
            arguments += [f"--{name.replace('_', '-')}", str(value)]
    os.execv(sys.executable, arguments)


def _demo(options: Namespace) -> int:
    from connector.lab.vendors import faults

    try:
        faults.load(options.faults)
    except ValueError as error:
        raise CommandFailed(str(error), os.EX_USAGE) from None
    if options.headless:
        from connector.lab.demo import headless

        return headless.run(
            options.seed, options.pace or 0.1, options.faults, options.seconds or 10.0, as_json=options.json
        )
    if options.json or options.seconds:
        raise CommandFailed("--json and --seconds go with --headless.", os.EX_USAGE)
    _demand_terminal("The demo needs a terminal; without one use `textdesk demo --headless --seconds 10 --json`.")
    from connector.lab.demo import on_terminal

    return on_terminal.run(options.seed, options.pace or 1.0, options.faults)


def _serve(options: Namespace) -> int:
    from connector.app import serve

    return serve(_config(options), _data(options), embedded=options.embedded)


def _setup(options: Namespace) -> int:
    from connector import setup

    return setup.run(options)


def _doctor(options: Namespace) -> int:
    from connector.doctor.run import run

    return run(options)


def _faults(options: Namespace) -> int:
    from connector.lab.faults import command as faults

    return faults.run(options)


def _simulate(options: Namespace) -> int:
    from connector.lab.day import command as simulate

    return simulate.run(options)


def _segments(options: Namespace) -> int:
    from connector.cli.verbs import segments

    return segments.run(sys.stdin, sys.stdout)


def _verb(options: Namespace) -> int:
    from connector.cli import dispatch

    return dispatch.run(options, _place(options))


_COMMANDS: dict[str | None, Callable[[Namespace], int]] = {
    None: _desk,
    "demo": _demo,
    "setup": _setup,
    "serve": _serve,
    "doctor": _doctor,
    "faults": _faults,
    "simulate": _simulate,
    "segments": _segments,
    **dict.fromkeys(VERBS, _verb),
}


def _place(options: Namespace) -> CoreAddress:
    from connector.client.link import CoreAddress

    token = None
    if path := getattr(options, "token_file", None):
        try:
            token = path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            raise CommandFailed(f"{path}: is not a text file with a token.", os.EX_CONFIG) from None
    return CoreAddress(_data(options), getattr(options, "url", None), token, getattr(options, "agent", None))


def _data(options: Namespace) -> Path:
    from connector.base.data_directory import data_dir

    given: Path | None = getattr(options, "data", None)
    return given or data_dir(os.environ)


def _config(options: Namespace) -> Path | None:
    from connector.config import places

    return places.find(getattr(options, "config", None), _data(options), os.environ)


def _demand_terminal(otherwise: str) -> None:
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # Textual draws on stderr
        raise CommandFailed(otherwise, os.EX_USAGE)
