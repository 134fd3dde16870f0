"""Command-line parsers: wrong usage is a CommandFailed, and every command explains itself with an example."""

from __future__ import annotations

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any, NoReturn

from connector.console.failure import CommandFailed


class CommandParser(ArgumentParser):
    """Raises CommandFailed for wrong usage, where argparse exits."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments: -"):
            message += "; put -- before a text that begins with -"
        raise CommandFailed(f"{message}; see `{self.prog} --help`.", os.EX_USAGE)


def add_command(commands: Any, name: str, help_: str, example: str) -> Any:
    """A sub-parser for `textdesk NAME`; `options.command` is then `name`."""
    command: ArgumentParser = commands.add_parser(
        name,
        help=help_,
        description=sentence(help_),
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=name)
    return command


def sentence(help_: str) -> str:
    return f"{help_[:1].upper()}{help_[1:]}."
