"""What can be said to the `textdesk` command. `options.command` names what to run; None is the desk."""

from __future__ import annotations

import math
import os
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from connector.doctor.flags import add_doctor
from connector.setup.flags import add_setup
from connector.verbs import faults
from connector.verbs.failure import Failure

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_EXAMPLES = """\
examples:
  textdesk                                  the desk; starts a core when none is running
  textdesk demo                             the desk with scripted consumers, nothing to set up
  textdesk setup twilio                     connect an account: its numbers, the configuration
  textdesk serve --config textdesk.toml     the core alone, as a service
  textdesk doctor                           is all well, and if not, what to do
  textdesk queue --json                     who is waiting, one JSON object a line
  textdesk send +14155550111 "On my way."   one reply

exit codes: 0 done, 1 refused by the core, 64 wrong usage, 69 no core or port taken, 74 input or output,
75 data directory in use, 77 not allowed, 78 configuration, 130 interrupted
"""


class Parser(ArgumentParser):
    """Raises Failure instead of leaving the program."""

    def error(self, message: str) -> NoReturn:
        raise Failure(f"{message}; see `{self.prog} --help`.", os.EX_USAGE)


def parser() -> ArgumentParser:
    top = Parser(
        prog="textdesk",
        description="A terminal workstation for people who answer SMS. Without a command: the desk.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.set_defaults(command=None)
    _add_place(top)
    top.add_argument(
        "--config", type=Path, default=SUPPRESS, metavar="FILE", help="configuration of a core that the desk starts"
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands)
    add_setup(commands)
    _add_serve(commands)
    add_doctor(commands)
    queue = _add_verb(commands, "queue", "list who is waiting", "textdesk queue --all --json | jq -r .consumer")
    queue.add_argument("--all", action="store_true", help="every open conversation")
    _add_about_one(commands, "show", "print what was said", "textdesk show +14155550111")
    send = _add_about_one(commands, "send", "send a reply", "echo 'We are open.' | textdesk send +14155550111 -")
    send.add_argument("text", metavar="TEXT", help="what to send; - reads it from stdin")
    close = _add_about_one(commands, "close", "end a conversation", "textdesk close +14155550111")
    for verb in (send, close):
        verb.description = f"{verb.description} A conversation that waits in the queue is taken first."
    _add_verb(commands, "watch", "print what happens, as it happens, until interrupted", "textdesk watch --json")
    recover = _add_verb(commands, "recover", "take in what providers have and we missed", "textdesk recover --since 6h")
    recover.add_argument("--since", required=True, metavar="WHEN", help="6h, 2d, or a moment like 2026-11-22T08:00")
    recover.add_argument("--account", metavar="NAME", help="one account (all that have a list)")
    faults.add_options(
        _add(commands, "faults", "play vendors that misbehave, and count every message", "textdesk faults --all")
    )
    _add(
        commands,
        "segments",
        'measure texts: JSON lines {"text": …} on stdin, their encoding and segments on stdout',
        """echo '{"text": "hello"}' | textdesk segments""",
    )
    return top


def _add_demo(commands: _SubParsersAction[Parser]) -> None:
    example = "textdesk demo --headless --seconds 10 --json"
    demo = _add(commands, "demo", "the desk with scripted consumers who text in", example)
    demo.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed gives the same consumers (0)")
    demo.add_argument(
        "--pace", type=_above_zero, metavar="X", help="length of the consumers' waits; 1 is as in life (headless: 0.1)"
    )
    demo.add_argument(
        "--faults", default="calm", metavar="NAME", help="vendors that misbehave; `textdesk faults` lists how (calm)"
    )
    demo.add_argument("--headless", action="store_true", help="no desk: a scripted agent answers")
    demo.add_argument("--seconds", type=_above_zero, metavar="N", help="with --headless: how long (10)")
    demo.add_argument("--json", action="store_true", help="with --headless: one JSON object a line")


def _add_serve(commands: _SubParsersAction[Parser]) -> None:
    serve = _add(
        commands, "serve", "the core alone, until SIGTERM", "textdesk serve --config textdesk.toml --data /srv/textdesk"
    )
    serve.add_argument("--config", type=Path, default=SUPPRESS, metavar="FILE", help="accounts, numbers and agents")
    serve.add_argument("--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory (your own)")
    serve.add_argument("--embedded", action="store_true", help="stop a few seconds after the last desk has left")


def _add(commands: _SubParsersAction[Parser], name: str, help_: str, example: str) -> Parser:
    command = commands.add_parser(
        name,
        help=help_,
        description=f"{help_[:1].upper()}{help_[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=name)
    return command


def _add_verb(commands: _SubParsersAction[Parser], name: str, help_: str, example: str) -> Parser:
    verb = _add(commands, name, help_, example)
    _add_place(verb)
    verb.add_argument("--json", action="store_true", help="one JSON object a line")
    return verb


def _add_about_one(commands: _SubParsersAction[Parser], name: str, help_: str, example: str) -> Parser:
    verb = _add_verb(commands, name, help_, example)
    verb.add_argument("id", metavar="ID", help="a conversation, the beginning of its id, or a consumer's number")
    return verb


def _add_place(command: ArgumentParser) -> None:
    # Suppressed defaults: these may stand before the command as well as after it.
    command.add_argument(
        "--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory of this host's core (your own)"
    )
    command.add_argument("--url", default=SUPPRESS, help="a core elsewhere, e.g. wss://sms.example.com:8081")
    command.add_argument(
        "--token-file", type=Path, default=SUPPRESS, metavar="FILE", help="file with the token for --url"
    )
    command.add_argument("--agent", default=SUPPRESS, metavar="NAME", help="who you are (your login name)")


def _above_zero(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ArgumentTypeError(f"{text} is not a number above 0")
    return value
