"""A line of progress on a terminal."""

from __future__ import annotations

import shutil
from typing import TextIO

from connector.sms.text import one_line


class ProgressLine:
    """One line that is overwritten by the next; nothing when `stream` is no terminal."""

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
