"""A message text as an argument, or from stdin."""

from __future__ import annotations

import os
import re
import sys

from connector.console.failure import CommandFailed
from connector.sms.text import is_blank
from connector.wire import limits

_WRITTEN_OUT = re.compile(r"\\[nrt]")
_NONE = "TEXT is missing: the text in quotes, or - to read it from stdin."
_SEVERAL = "The text must be one argument: put it in quotes, or the shell also puts file names where * or ? stands."
_LONGEST = max(limits.REPLY_LENGTH, limits.NOTE_LENGTH)
_MOST_BYTES = 4 * _LONGEST + 1024  # in UTF-8; with line ends after it
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_text(arguments: list[str]) -> str:
    """The text that a consumer or colleague is to read: the one argument, or for `-` what is on stdin.

    Line ends of any system become `\\n`; of stdin, those at its end and a byte order mark are left out. Raises
    CommandFailed for what is probably not meant: several arguments, bytes that are not UTF-8, control characters, a
    line break that is written out, and a text with nothing to see.
    """
    if len(arguments) != 1:
        raise CommandFailed(_SEVERAL if arguments else _NONE, os.EX_USAGE)
    text = _stdin() if arguments[0] == "-" else arguments[0]
    if text is arguments[0] and (found := _WRITTEN_OUT.search(text)):
        words = f"The text has {found[0]} as two characters, and a phone shows both: in bash, write $'{found[0]}'."
        raise CommandFailed(f"{words} A text on stdin (-) is sent as it is.", os.EX_USAGE)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := _CONTROL.search(text):
        words = f"The text has a control character, U+{ord(control[0]):04X}, which no phone shows."
        raise CommandFailed(words, os.EX_USAGE)
    if is_blank(text):
        raise CommandFailed("There is no text, or nothing in it to see.", os.EX_USAGE)
    return text


def _stdin() -> str:
    try:
        read = sys.stdin.buffer.read(_MOST_BYTES + 1)
        if len(read) > _MOST_BYTES:
            words = f"What came on stdin is too long: a text has at most {_LONGEST:,} characters."
            raise CommandFailed(words, os.EX_USAGE)
        return read.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise CommandFailed("What came on stdin is not UTF-8.", os.EX_USAGE) from None
