"""Runs a command to its exit code (sysexits.h)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from connector.base.failure import Failure


def exit_code_of(command: Callable[[], int]) -> int:
    """Run `command` and return its exit code; a failure becomes one sentence on stderr and a code of its own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to fail
    try:
        code = command()
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
