"""Colours on a terminal that supports and wants them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

_GREEN, _AMBER, _RED, _BOLD, _FAINT = 32, 33, 31, 1, 2


class Colours:
    """Colours for text written to `stream`: none unless it is a terminal with colours, and NO_COLOR is not set.

    Source: https://no-color.org
    """

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
