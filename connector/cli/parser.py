"""The command line of `textdesk`. `options.command` names the command to run; None is the desk."""

from __future__ import annotations

import os
from argparse import REMAINDER, SUPPRESS, ArgumentParser, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Collection, Iterable
from pathlib import Path

from connector.base.alike import meant
from connector.cli.contact_arguments import add_contact
from connector.cli.replies_arguments import add_replies
from connector.cli.verb_arguments import add_core_address, add_verbs
from connector.console.arguments import CommandParser, add_command, sentence
from connector.console.failure import CommandFailed
from connector.doctor.flags import add_doctor
from connector.setup.flags import add_setup

_ABOUT = "A terminal workstation for people who answer SMS. Without a command: the desk."
# Commands in no group are listed under the last head.
_GROUPS = {
    "to begin": ("help", "demo", "setup", "serve", "relay", "doctor"),
    "to look": ("queue", "search", "show", "picture", "unmask", "why", "agents", "report", "watch", "audit"),
    "to answer": (
        *("accept", "decline", "send", "scheduled", "start", "undo", "note", "due", "snooze", "decide", "unread"),
        *("tag", "close", "reopen", "replies"),
    ),
    "to be on call": ("alerts", "ack"),
    "to know people": ("contact",),
    "to record consent": ("opt-out", "opt-in"),
    "to transfer": ("targets", "transfer", "return", "take-over", "join", "leave"),
    "to sign on and off": ("presence", "sign-off", "hand-on"),
    "to manage agents": ("agent",),
    "to manage accounts": ("account", "hooks", "release", "recover", "reload"),
}
_EXAMPLES = """\
examples:
  textdesk                                  the desk; starts a core when none is running
  textdesk demo                             the desk with scripted consumers, nothing to set up
  textdesk setup twilio                     connect an account: its numbers, the configuration
  textdesk serve --config textdesk.toml     the core alone, as a service
  textdesk doctor                           checks the installation, and says what to do
  textdesk queue --json                     queued conversations, one JSON object a line
  textdesk send +14155550111 "On my way."   one reply

"""
_EXIT_CODES = """\
exit codes: 0 done, 1 refused by the core, 64 wrong usage, 65 the audit was changed, or a file has wrong lines, 69 no
core or port taken, 70 a fault of the core, 74 input or output, 75 data directory in use, or a newer message exists
(read it, then send again), 76 a reply that did not arrive, or may not have, 77 not allowed, 78 configuration, 130
interrupted
"""


# Commands of the laboratory and their lines in the list. Each parses its arguments itself, in a process of its own.
LAB = {
    "demo": "the desk with scripted consumers who text in; nothing of it is kept",
    "faults": "run scenarios of vendor faults, and count every message",
    "simulate": "simulate a day of a contact centre, and show who waited how long",
}

# Files and addresses, which who may only run commands over ssh does not name.
PLACES = ("data", "config", "url", "token_file", "profile", "file", "picture_files")


def parser(only: Collection[str] | None = None) -> CommandParser:
    """`only`: the commands that its help lists, for who names no files and addresses; None: all."""
    top = CommandParser(
        prog="textdesk",
        usage=f"textdesk {'' if only else '[--data DIR | --url URL | --profile NAME] '}[--agent NAME] [COMMAND …]",
        epilog=_EXIT_CODES if only else f"{_EXAMPLES}\n{_EXIT_CODES}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    top.set_defaults(command=None)
    add_core_address(top)
    top.add_argument(
        "--config",
        type=Path,
        default=SUPPRESS,
        metavar="FILE",
        help="configuration of a core that the desk starts (./textdesk.toml)",
    )
    top.add_argument("--theme", default=SUPPRESS, metavar="NAME", help="the colours of the desk: dark, light, …")
    top.add_argument(
        "--no-mouse", action="store_true", default=SUPPRESS, help="the desk leaves the mouse to the terminal"
    )
    commands = top.add_subparsers(prog="textdesk", metavar="COMMAND", help=SUPPRESS)
    _add_forwarded(commands, "demo")
    add_setup(commands)
    _add_serve(commands)
    _add_relay(commands)
    add_doctor(commands)
    add_verbs(commands)
    add_replies(commands)
    add_contact(commands)
    _add_forwarded(commands, "faults")
    _add_forwarded(commands, "simulate")
    segments = add_command(
        commands,
        "segments",
        'measure a text, or JSON lines {"text": …} on stdin: encoding and segments',
        """textdesk segments 'Grüße 😀'\n  echo '{"text": "hello"}' | textdesk segments""",
    )
    segments.add_argument("text", metavar="TEXT", nargs="*", help="in quotes; without it JSON lines come on stdin")
    segments.add_argument("--json", action="store_true", help="of a TEXT as well")
    about = add_command(commands, "help", "list the commands, or explain one", "textdesk help queue")
    about.add_argument("topics", nargs="*", metavar="COMMAND", help="which one")
    top.description = f"{_ABOUT}\n\n{_listed(commands, only or commands.choices)}"
    if only:
        _hide_places(top)
    return top


def is_command(word: str) -> bool:
    """Whether there is a command of this name."""
    return word in _commands(parser())


def help_of(topics: Iterable[str], only: Collection[str] | None = None) -> str:
    """The help of a command, such as `agent add`; without topics the list of commands. Raises CommandFailed.

    `only`: see `parser`.
    """
    one: ArgumentParser = parser(only)
    for level, topic in enumerate(topics):
        found = _commands(one)
        if topic not in found:
            alike = meant(topic, only or found)
            words = f"There is no command {topic[:64]}{f': did you mean {alike}?' if alike else '.'}"
            raise CommandFailed(f"{words} `textdesk help` lists them.", os.EX_USAGE)
        if only and level == 0 and topic not in only:
            raise CommandFailed(f"{topic} is not allowed here. `textdesk help` lists the commands.", os.EX_USAGE)
        one = found[topic]
    return one.format_help()


def _hide_places(one: ArgumentParser) -> None:
    """Leave options for files and addresses out of the help of a parser and of its commands."""
    for action in one._actions:
        if action.dest in PLACES:
            action.help = SUPPRESS
    for command in _commands(one).values():
        _hide_places(command)


def _commands(one: ArgumentParser) -> dict[str, ArgumentParser]:
    """The commands of a parser, by name."""
    inner = [action.choices for action in one._actions if isinstance(action, _SubParsersAction)]
    return {name: command for choices in inner for name, command in choices.items()}


def _listed(commands: _SubParsersAction[CommandParser], only: Collection[str]) -> str:
    """The commands in groups, each with one line of help."""
    named = {name for names in _GROUPS.values() for name in names}
    groups = {**_GROUPS, "to check and to mend": [name for name in commands.choices if name not in named]}
    lines = []
    for head, names in groups.items():
        listed = [name for name in names if name in only]
        lines += [f"{head}:"] if listed else []
        for name in listed:
            does = (commands.choices[name].description or "").partition(". ")[0].rstrip(".")
            lines.append(f"  {name:<11}{does[:1].lower()}{does[1:]}")
    return "\n".join(lines)


def _add_forwarded(commands: _SubParsersAction[CommandParser], name: str) -> None:
    """Add a command whose arguments are not parsed here, but passed on in `options.arguments`."""
    # With a prefix character that no argument can contain, none is taken for an option.
    command = commands.add_parser(name, description=sentence(LAB[name]), prefix_chars="\0", add_help=False)
    command.set_defaults(command=name)
    command.add_argument("arguments", nargs=REMAINDER)


def _add_serve(commands: _SubParsersAction[CommandParser]) -> None:
    serve = add_command(
        commands, "serve", "the core alone, until SIGTERM", "textdesk serve --config textdesk.toml --data /srv/textdesk"
    )
    serve.add_argument(
        "--config", type=Path, default=SUPPRESS, metavar="FILE", help="accounts, numbers and agents (./textdesk.toml)"
    )
    serve.add_argument("--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory (your own)")
    serve.add_argument("--embedded", action="store_true", help="stop a few seconds after the last desk has left")


def _add_relay(commands: _SubParsersAction[CommandParser]) -> None:
    relay = add_command(
        commands,
        "relay",
        "what runs beside a gateway of your own, until SIGTERM, or how it is",
        "textdesk relay kannel --config textdesk.toml --data /srv/relay\n  textdesk relay status --data /srv/relay",
    )
    relay.add_argument("gateway", choices=("kannel", "status"), help="the gateway's kind; status: what waits, and why")
    relay.add_argument("--config", type=Path, default=SUPPRESS, metavar="FILE", help="its [relay] (./textdesk.toml)")
    relay.add_argument("--data", type=Path, default=SUPPRESS, metavar="DIR", help="its own data directory")
    relay.add_argument("--json", action="store_true", help="status as one JSON object")
