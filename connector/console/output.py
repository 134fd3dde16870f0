"""Output of commands: JSON lines, or text in which no outside text can act on a terminal."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connector.sms.text import cells, one_line, shown
from connector.sms.wrapping import wrap


def write(line: str) -> None:
    """Write a line to stdout and flush it: the reader may be another program."""
    print(line, flush=True)


def write_bytes(data: bytes) -> None:
    """Write bytes to stdout that are for a program or file, not for a terminal."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def note(words: str) -> None:
    """Write a line for people to stderr, beside output that a program may read."""
    print(f"textdesk: {plain(words)}", file=sys.stderr)


def json_line(values: Mapping[str, Any]) -> str:
    """JSON in ASCII, so that it contains no escape sequence and no bidi control as such."""
    return json.dumps(values, ensure_ascii=True).replace("\x7f", "\\u007f")


def age(milliseconds: int | None) -> str:
    """A duration in whole units: 45s, 12m, 5h, 3d."""
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
    """The text on one line, with control characters made visible."""
    return shown(text, keep_newlines=False)


def write_words(text: str, *, indent: str = "") -> None:
    """Write a text as `plain`. On a terminal it is broken at blanks, and every line of it is indented."""
    columns = _columns()
    lines = [plain(text)] if columns is None else wrap(plain(text), columns - len(indent))
    for line in lines:
        write(indent + line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns two blanks apart. On a terminal a row has one line: its widest columns are cut, never the
    first, which names it."""
    lines = [[plain(cell) for cell in row] for row in [head, *rows]]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head))]
    columns = _columns()
    if columns is not None:
        room = columns - widths[0] - 2 * (len(widths) - 1)
        widths[1:] = _cut(widths[1:], room)
        lines = [[line[0], *map(one_line, line[1:], widths[1:])] for line in lines]
    return ["  ".join([*map(_padded, line[:-1], widths), line[-1]]) for line in lines]


def _cut(widths: list[int], room: int) -> list[int]:
    """The same, the widest made narrower until all fit."""
    most = max(widths, default=1)
    while most > 1 and sum(min(one, most) for one in widths) > room:
        most -= 1
    return [min(one, most) for one in widths]


def _columns() -> int | None:
    """Of the terminal; None where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))
