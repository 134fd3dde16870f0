"""What an agent's keys cost in a list and in a transcript: rounds of p50 and p95 in ms, and bytes a key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from tests.bench.desk import Round, is_at, pressed, typed
from tests.bench.figures import percentile
from tests.bench.terminal import Terminal

_DOWN, _UP, _PAGE_UP, _END, _ENTER, _ESCAPE = "\x1b[B", "\x1b[A", "\x1b[5~", "\x1b[F", "\r", "\x1b"
_STEPS, _PAGES = 12, 20


def list_moves(desk: Terminal) -> Round:
    """The cursor down twelve rows of the first page, and back up."""
    rows = [(_DOWN, row) for row in range(2, _STEPS + 2)] + [(_UP, row) for row in range(_STEPS, 0, -1)]
    return _round(desk, (pressed(desk, key, partial(is_at, row)) for key, row in rows), len(rows))


def openings(desk: Terminal, texts_each: int) -> Round:
    """The next conversation opened, and back to the list each time; begins and ends at the top."""
    return _round(desk, _opened(desk, texts_each), _STEPS)


def letters(desk: Terminal) -> Round:
    """Letters typed in the compose pane of the open conversation."""
    return typed(desk)


def pages(desk: Terminal) -> Round:
    """Pages up in an open transcript; then back to its end, and to the compose pane."""
    desk.press(_ESCAPE)
    desk.settle()
    found = _round(desk, (pressed(desk, _PAGE_UP, partial(_is_above, _top(desk.text))) for _ in range(_PAGES)), _PAGES)
    desk.press(_END)
    desk.settle()
    desk.press("r")
    desk.settle()
    return found


def _opened(desk: Terminal, texts_each: int) -> Iterator[float]:
    for row in range(1, _STEPS + 1):
        desk.until(partial(is_at, row), f"row {row}")
        consumer = int(re.findall(r"▌[^+\n]*\+1415(\d{7})", desk.text)[0])
        yield pressed(desk, _ENTER, partial(_shows, f"Number {consumer * texts_each + texts_each - 1}"))
        for key in (_ESCAPE, _ESCAPE, _DOWN):
            desk.press(key)
            desk.rest(0.15)  # an escape waits for what may follow it
    for row in range(_STEPS, 0, -1):
        desk.press(_UP)
        desk.until(partial(is_at, row), f"row {row}")


def _round(desk: Terminal, times: Iterator[float], keys: int) -> Round:
    desk.settle()
    before = desk.bytes
    found = list(times)
    return percentile(found, 0.5), percentile(found, 0.95), (desk.bytes - before) / keys


def _shows(words: str, text: str) -> bool:
    return re.search(rf"{words}\b", text) is not None


def _top(text: str) -> int:
    """The number of the first text in sight."""
    return int(re.findall(r"Number (\d+)", text)[0])


def _is_above(top: int, text: str) -> bool:
    return _top(text) < top
