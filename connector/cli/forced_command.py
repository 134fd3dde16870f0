"""Behind sshd's ForceCommand: what the caller has asked for, as the words of a command, never as a shell's line.

`ForceCommand textdesk` starts the desk for a member of the team who signs in, and a verb for `ssh HOST queue --json`:
sshd leaves what was asked for in SSH_ORIGINAL_COMMAND (sshd_config(5)). Options in ForceCommand are the
administrator's: they stand, and the caller cannot give them again.
"""

from __future__ import annotations

import os
import shlex
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from connector.base.alike import meant
from connector.cli.parser import PLACES, is_command, parser
from connector.cli.run_verb import VERBS
from connector.console.failure import CommandFailed

VARIABLE = "SSH_ORIGINAL_COMMAND"
# These ask the core, which knows what the agent may do, and the doctor looks at the caller's own. A member who may run
# this command and no other must not reach other files or addresses by it.
ALLOWED = (*VERBS, "segments", "doctor", "help")
_HELP = ("--help", "-h")
_MOST = 64 << 10  # characters
# ssh joins its arguments with blanks, without the quotes that the caller's own shell has taken off. Joining the words
# again would change a text: two blanks become one, and the apostrophes of "don't and won't" are lost.
_QUOTES = (
    """Over ssh a text has quotes twice, ssh HOST "send NUMBER 'We are open.'", or comes on stdin: send NUMBER -"""
)


def options(environ: Mapping[str, str], own: Namespace | None = None) -> Namespace | None:
    """What was asked for, with the options of ForceCommand itself in `own`; None: the desk.

    Raises CommandFailed for what is not allowed.
    """
    line = environ.get(VARIABLE, "")
    words = _words(line)
    if words and words[0] == "textdesk":
        words = words[1:]
    if not words:
        return None
    if words[0] in _HELP:
        words = ["help", *words[1:]]
    if words[0] not in ALLOWED:
        if is_command(words[0]):
            raise _refused(f"{words[0]} is not allowed here.")
        alike = meant(words[0], ALLOWED)
        raise _refused(f"{words[0]!r} is not a command here{f': did you mean {alike}?' if alike else '.'}")
    asked = _parsed(words)
    if getattr(asked, "exec", None) is not None:
        raise _refused("No command can be run for events here (--exec).")
    if any(hasattr(asked, name) for name in PLACES) or any(isinstance(value, Path) for value in vars(asked).values()):
        raise _refused("Files and addresses cannot be named here.")
    given = {name: value for name, value in vars(own or Namespace()).items() if name != "command"}
    if again := [name for name in given if hasattr(asked, name)]:
        raise _refused(f"--{again[0].replace('_', '-')} is given already.")
    return Namespace(**{**vars(asked), **given})


def _parsed(words: list[str]) -> Namespace:
    try:
        asked = parser(ALLOWED).parse_args(words)
    except CommandFailed as failed:
        if "unrecognized arguments: " in str(failed):
            raise CommandFailed(f"{failed} {_QUOTES}", failed.exit_code) from None
        raise
    if len(getattr(asked, "text", [])) > 1:
        raise CommandFailed(f"The text came as several words. {_QUOTES}", os.EX_USAGE)
    return asked


def _words(line: str) -> list[str]:
    if len(line) > _MOST:
        raise _refused("The command is too long.")
    try:
        return shlex.split(line)
    except ValueError as error:
        words = f"The command cannot be read ({str(error).lower()}). {_QUOTES}"
        raise CommandFailed(words, os.EX_USAGE) from None


def _refused(words: str) -> CommandFailed:
    return CommandFailed(f"{words} `help` lists the commands there are; without one the desk starts.", os.EX_USAGE)
