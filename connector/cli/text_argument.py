"""A message text as an argument, or from stdin."""

from __future__ import annotations

import os
import sys

from connector.console.failure import CommandFailed


def read_text(argument: str) -> str:
    """The text itself, or for `-` all of stdin without its final line end. Raises CommandFailed unless it is UTF-8."""
    if argument != "-":
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise CommandFailed("The text is not UTF-8.", os.EX_USAGE)
        return argument
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise CommandFailed("What came on stdin is not UTF-8.", os.EX_USAGE) from None
    return text.removesuffix("\n").removesuffix("\r")
