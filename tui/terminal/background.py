"""The terminal's answer to the question for its background (OSC 11), as `rgb:1c1c/1c1c/1c1c`.

Source: xterm's control sequences (dynamic colours) and XParseColor(3).
"""

from __future__ import annotations

import re

from textual.message import Message

QUESTION = "\x1b]11;?\x1b\\"

_COLOUR = re.compile(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?", re.IGNORECASE)


class BackgroundReported(Message):
    """The terminal has told its background: red, green and blue, each from 0 to 1."""

    def __init__(self, red: float, green: float, blue: float) -> None:
        super().__init__()
        self.ground = red, green, blue


def report(answer: str) -> BackgroundReported | None:
    """What an operating system command from the terminal, without its ends, says of the background, if anything."""
    number, _, colour = answer.partition(";")
    if number != "11" or not (found := _COLOUR.fullmatch(colour)):
        return None
    red, green, blue = (int(digits, 16) / (16 ** len(digits) - 1) for digits in found.groups())
    return BackgroundReported(red, green, blue)
