"""Behind sshd's ForceCommand: what the caller has asked for, as the words of a command, never as a shell's line.

`ForceCommand textdesk` starts the desk for a member of the team who signs in, and a verb for `ssh HOST queue --json`:
sshd leaves what was asked for in SSH_ORIGINAL_COMMAND (sshd_config(5)).
"""

from __future__ import annotations

import os
import shlex
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from connector.cli.parser import parser
from connector.cli.run_verb import VERBS
from connector.console.failure import CommandFailed

VARIABLE = "SSH_ORIGINAL_COMMAND"
# These ask the core, which knows what the agent may do, and the doctor looks at the caller's own. A member who may run
# this command and no other must not reach other files or addresses by it.
ALLOWED = (*VERBS, "segments", "doctor")
_NEVER = ("data", "config", "url", "token_file", "profile")
_MOST = 64 << 10  # characters


def options(environ: Mapping[str, str]) -> Namespace | None:
    """What was asked for; None: the desk. Raises CommandFailed for what is not allowed."""
    line = environ.get(VARIABLE, "")
    words = _words(line)
    if words and words[0] == "textdesk":
        words = words[1:]
    if not words:
        return None
    if words[0] not in ALLOWED:
        raise _refused(f"{words[0]!r} is not a command here")
    asked = parser().parse_args(words)
    if any(hasattr(asked, name) for name in _NEVER) or any(isinstance(value, Path) for value in vars(asked).values()):
        raise _refused("files and addresses cannot be named here")
    return asked


def _words(line: str) -> list[str]:
    if len(line) > _MOST:
        raise _refused("the command is too long")
    try:
        return shlex.split(line)
    except ValueError as error:
        raise _refused(f"the command cannot be read ({str(error).lower()})") from None


def _refused(words: str) -> CommandFailed:
    return CommandFailed(
        f"{words}. Without one the desk starts; with one of: {', '.join(sorted(ALLOWED))}.", os.EX_USAGE
    )
