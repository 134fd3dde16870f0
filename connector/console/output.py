"""What verbs print: one JSON object a line, or text for people in which nothing from outside can act on a terminal."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.sms.text import cells, one_line, shown


def write(line: str) -> None:
    """One line to stdout, at once: the reader may be another program."""
    print(line, flush=True)


def json_line(values: Mapping[str, Any]) -> str:
    """ASCII only, so that neither an escape sequence nor a bidi control is in it as such."""
    return json.dumps(values, ensure_ascii=True).replace("\x7f", "\\u007f")


def age(milliseconds: int | None) -> str:
    """45s, 12m, 5h, 3d: whole units that have passed."""
    if milliseconds is None:
        return "-"
    seconds = max(0, milliseconds // 1000)
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}h"
    return f"{seconds // 86400}d"


def clock(at: int) -> str:
    """Local time of day."""
    return datetime.fromtimestamp(at / 1000).strftime("%H:%M:%S")


def moment(at: int) -> str:
    """Local date and time, with the offset."""
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S%z")


def plain(text: str) -> str:
    """On one line, whatever is in it."""
    return shown(text, keep_newlines=False)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns two blanks apart. On a terminal the last one is cut where the line ends."""
    lines = [[plain(cell) for cell in row] for row in [head, *rows]]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head) - 1)]
    if sys.stdout.isatty():
        room = max(10, shutil.get_terminal_size().columns - sum(widths) - 2 * len(widths))
        lines = [[*line[:-1], one_line(line[-1], room)] for line in lines]
    return ["  ".join([*map(_padded, line, widths), line[-1]]) for line in lines]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))
