"""Command-line parsers: wrong usage is a CommandFailed, and every command explains itself with an example."""

from __future__ import annotations

import os
import re
from argparse import PARSER, REMAINDER, Action, ArgumentParser, RawDescriptionHelpFormatter
from collections import deque
from collections.abc import Sequence
from typing import Any, NoReturn

from connector.base.alike import meant
from connector.console.failure import CommandFailed

_INVALID_CHOICE = re.compile(
    r"argument (?P<name>\S+): invalid choice: '(?P<given>.*)' \(choose from (?P<there>.*)\)", re.DOTALL
)
_FEW = 8
_AS_TEXT = "put -- before a text that begins with -"
_NEGATIVE_NUMBER = re.compile(r"-\d+|-\d*\.\d+")


class CommandParser(ArgumentParser):
    """Raises CommandFailed for wrong usage, where argparse exits. Options may stand before, between and after words."""

    has_signed_words = False
    """Words may begin with `-`, as in `+this -that`."""

    # argparse fills all positional arguments at the first word, so that the text of `start NUMBER --confirmed TEXT` is
    # left over; its parse_intermixed_args() cannot be had for commands of a command, and loses a `--`.
    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        args, rest = self._without_rest(args)
        if args is not None and "-" in self.prefix_chars and all(one.nargs != PARSER for one in self._actions):
            args = self._options_first(args)
        known, unknown = super().parse_known_args(args, namespace)
        for name, words in rest.items():
            setattr(known, name, words)
        for one in unknown:
            name = one.partition("=")[0]
            if name in self._option_string_actions:  # of ours, and not of the command behind it
                self.error(f"this command takes no {name}")
            if name.startswith("--") and (alike := meant(name, self._option_string_actions)):
                self.error(f"there is no option {name} ({_AS_TEXT}): did you mean {alike}?")
        return known, unknown

    def _without_rest(self, args: Any) -> tuple[Any, dict[str, list[str]]]:
        """The arguments up to an option that takes all that follow it, however they look; and those, by its name."""
        for action in self._actions:
            if action.nargs == REMAINDER and action.option_strings and args is not None:
                for number, arg in enumerate(args):
                    if arg in action.option_strings:
                        return args[:number], {action.dest: [*args[number + 1 :]]}
        return args, {}

    def _options_first(self, args: Sequence[str]) -> list[str]:
        options: list[str] = []
        words: list[str] = []
        rest = deque(args)
        while rest:
            arg = rest.popleft()
            if arg == "--":
                words += rest
                break
            if not self._is_option(arg):
                words.append(arg)
                continue
            options.append(arg)
            action = self._action_of(arg)
            if action is not None and action.nargs is None and "=" not in arg and rest and rest[0] != "--":
                options.append(rest.popleft())
        return [*options, "--", *words] if words else options

    def _is_option(self, arg: str) -> bool:
        """As argparse decides it."""
        if self.has_signed_words and arg[1:2] != "-":
            return arg in self._option_string_actions
        if len(arg) < 2 or not arg.startswith("-") or _NEGATIVE_NUMBER.fullmatch(arg):
            return False
        return " " not in arg or self._action_of(arg) is not None

    def _action_of(self, arg: str) -> Action | None:
        """The option that this is, or is the beginning of; None where there is none, or several."""
        name = arg.partition("=")[0]
        if name in self._option_string_actions:
            return self._option_string_actions[name]
        found = [action for option, action in self._option_string_actions.items() if option.startswith(name)]
        return found[0] if len(found) == 1 and name.startswith("--") else None

    def error(self, message: str) -> NoReturn:
        message = message.replace("unrecognized arguments: -- ", "unrecognized arguments: ")  # the one put in above
        if message.startswith("unrecognized arguments: -"):
            message += f"; {_AS_TEXT}"
        if (choice := _INVALID_CHOICE.fullmatch(message)) is not None:
            message = _no_such(choice["name"], choice["given"], re.findall("'([^']+)'", choice["there"]))
        see = f"`{self.prog} --help`."
        raise CommandFailed(f"{message} See {see}" if message.endswith("?") else f"{message}; see {see}", os.EX_USAGE)


def _no_such(name: str, given: str, there: list[str]) -> str:
    """Words for a word that is none of these: the one that may be meant, else those that there are, where they are
    few."""
    alike = meant(given, there)
    kind = "a command" if name in ("COMMAND", "ACTION") else f"a value of {name}"
    if alike:
        return f"{given} is not {kind}: did you mean {alike}?"
    listed = f": {', '.join(there)}" if len(there) <= _FEW else ""
    return f"{given} is not {kind}{listed}"


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
