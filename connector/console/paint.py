"""Words on a terminal: calm colours where they are wanted, and one line that says what is being waited for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import TextIO

from connector.sms.text import one_line

_GREEN, _AMBER, _RED, _BOLD, _FAINT = 32, 33, 31, 1, 2


class Paint:
    """Colours for what goes to `stream`: none unless it is a terminal that can, and wants to (https://no-color.org)."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str] = os.environ) -> None:
        self._is_on = stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"

    def green(self, text: str) -> str:
        return self._in(_GREEN, text)

    def amber(self, text: str) -> str:
        return self._in(_AMBER, text)

    def red(self, text: str) -> str:
        return self._in(_RED, text)

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def faint(self, text: str) -> str:
        return self._in(_FAINT, text)

    def _in(self, code: int, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._is_on else text


class Progress:
    """One line that is written over again and again; on anything but a terminal, nothing at all."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_on = stream.isatty()

    def show(self, words: str) -> None:
        if self._is_on:
            line = one_line(words, shutil.get_terminal_size().columns - 1)
            print(f"\r\x1b[K{line}", end="", file=self._stream, flush=True)

    def clear(self) -> None:
        if self._is_on:
            print("\r\x1b[K", end="", file=self._stream, flush=True)
