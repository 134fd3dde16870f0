"""Printing findings line by line: with colours, or as JSON."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Sequence
from typing import TextIO

from connector.console.colours import Colours
from connector.console.output import json_line, plain
from connector.console.progress import ProgressLine
from connector.doctor.finding import Finding, Severity

_LEAST_WIDTH = 60


class Printer:
    """Prints in the order of `names`, whichever check ends first; on a terminal it shows which are still missing."""

    def __init__(self, stream: TextIO, names: Sequence[str], *, as_json: bool) -> None:
        self._stream = stream
        self._names = names
        self._as_json = as_json
        self._colours = Colours(stream)
        self._progress = ProgressLine(stream)
        self._found: dict[str, list[Finding]] = {}
        self._printed = 0
        self._counts = dict.fromkeys(Severity, 0)
        self._width = max(_LEAST_WIDTH, shutil.get_terminal_size().columns) if stream.isatty() else None

    def begin(self) -> None:
        self._show_progress()

    def found(self, name: str, findings: list[Finding]) -> None:
        """Take the findings of a check."""
        self._found[name] = findings
        if not self._as_json:
            self._progress.clear()
        while self._printed < len(self._names) and (next_ := self._names[self._printed]) in self._found:
            self._printed += 1
            for finding in self._found[next_]:
                self._counts[finding.severity] += 1
                self._print(next_, finding)
        self._show_progress()

    def end(self) -> int:
        """The exit code."""
        if not self._as_json:
            self._progress.clear()
            shown = ", ".join(f"{count} {state}" for state, count in self._counts.items() if count)
            self._write(f"\n{shown}.")
        return 1 if self._counts[Severity.RED] else 0

    def _print(self, name: str, finding: Finding) -> None:
        if self._as_json:
            fields = {"check": name, "about": finding.about or None, "state": finding.severity}
            self._write(json_line({**fields, "words": finding.words, "advice": finding.advice or None}))
            return
        margin = 7 + max(map(len, self._names)) + 2
        about = f"{finding.about}: " if finding.about else ""
        head = f"{self._colour(finding.severity)(finding.severity.ljust(5))}  {name:<{margin - 7}}"
        self._write(head + self._wrapped(about + finding.words, margin, "", lambda text: text))
        if finding.advice:
            self._write(" " * margin + self._wrapped(finding.advice, margin, "→ ", self._colours.bold))

    def _wrapped(self, words: str, margin: int, first: str, paint: Callable[[str], str]) -> str:
        safe = plain(words)
        if self._width is None:
            return first + safe
        room = self._width - margin - len(first) - 1
        lines = textwrap.wrap(safe, room, break_on_hyphens=False, break_long_words=False) or [""]
        return ("\n" + " " * (margin + len(first))).join([first + paint(lines[0]), *map(paint, lines[1:])])

    def _colour(self, state: Severity) -> Callable[[str], str]:
        paint = self._colours
        return {Severity.GREEN: paint.green, Severity.AMBER: paint.amber, Severity.RED: paint.red}[state]

    def _show_progress(self) -> None:
        missing = [name for name in self._names if name not in self._found]
        if missing and not self._as_json:
            self._progress.show(f"looking at {', '.join(missing)}…")

    def _write(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
