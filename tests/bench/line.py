"""A desk at the end of a slow line: what is seen how late, and what was sent for it."""

from __future__ import annotations

import heapq
import os
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from tests.bench.desk import core_with, desk_of, has_list, typed
from tests.bench.figures import Figure
from tests.bench.processes import CLIENT, on_processor
from tests.bench.terminal import COLUMNS, LINES, Terminal
from tests.kit.running import Core

_SIZES = 20
_NAMES = (
    "list on the screen, 4 kB/s",
    "conversation opened, 20 kB/s and 0.3 s",
    "letter p50, 20 kB/s and 0.3 s",
    "letter p95, 20 kB/s and 0.3 s",
    "window dragged to 20 sizes in 2 s until the screen stays, 20 kB/s",
)
Seconds = tuple[float, ...]


@contextmanager
def shaped(terminal: int, bytes_per_s: int, delay_s: float) -> Iterator[int]:
    """Our end of a line to a pseudo-terminal. The far end buffers without bound, as sshd and its connection do.

    `delay_s`: each way.
    """
    ours, theirs = socket.socketpair()
    over = threading.Event()
    carrier = threading.Thread(target=_carry, args=(terminal, theirs, bytes_per_s, delay_s, over))
    carrier.start()
    try:
        yield ours.fileno()
    finally:
        over.set()
        carrier.join()
        ours.close()
        theirs.close()


def _carry(terminal: int, end: socket.socket, bytes_per_s: int, delay_s: float, over: threading.Event) -> None:
    waiting: list[tuple[float, int, bool, bytes]] = []  # when it arrives, its number, whether at our end, what
    free_at, numbers = 0.0, count()
    while not over.is_set():
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.05
        ready, _, _ = select.select([terminal, end.fileno()], [], [], min(timeout, 0.05))
        now = time.monotonic()
        try:
            if terminal in ready:
                data = os.read(terminal, 65536)
                for at in range(0, len(data), 100):
                    part = data[at : at + 100]
                    free_at = max(free_at, now) + len(part) / bytes_per_s
                    heapq.heappush(waiting, (free_at + delay_s, next(numbers), True, part))
            if end.fileno() in ready:
                heapq.heappush(waiting, (now + delay_s, next(numbers), False, end.recv(65536)))
            while waiting and waiting[0][0] <= now:
                _, _, is_ours, data = heapq.heappop(waiting)
                os.write(end.fileno() if is_ours else terminal, data)
        except OSError:  # the desk has ended
            return


async def measure(rounds: int, folder: Path) -> list[Figure]:
    """Beside the same desk that writes every frame as it comes."""
    async with core_with(folder, conversations=50, texts_each=10) as core:
        with on_processor(CLIENT):
            frugal, plain = list[Seconds](), list[Seconds]()
            for _ in range(rounds):
                frugal.append(_one(core, folder, "frugal"))
                plain.append(_one(core, folder, "plain"))
    return [
        Figure(name, "s", tuple(one[at] for one in frugal), tuple(one[at] for one in plain), "the desk's plain output")
        for at, name in enumerate(_NAMES)
    ]


def _one(core: Core, folder: Path, output: str) -> Seconds:
    with desk_of(core, folder, partial(shaped, bytes_per_s=4_000, delay_s=0.15), TEXTDESK_OUTPUT=output) as desk:
        listed_s = desk.until(has_list, "the list") - desk.started_at
    with desk_of(core, folder, partial(shaped, bytes_per_s=20_000, delay_s=0.15), TEXTDESK_OUTPUT=output) as desk:
        desk.until(has_list, "the list")
        desk.settle()
        pressed_at = desk.press("\r")
        opened_s = desk.until(lambda text: "esc back" in text, "the compose pane") - pressed_at
        typed_p50_ms, typed_p95_ms, _ = typed(desk)
        desk.settle()
        return listed_s, opened_s, typed_p50_ms / 1000, typed_p95_ms / 1000, _dragged_s(desk)


def _dragged_s(desk: Terminal) -> float:
    """From the last of many sizes to the screen that stays."""
    for step in range(_SIZES):
        at = desk.resize(COLUMNS - abs(_SIZES // 2 - step), LINES - step % 3)
        desk.rest(0.1)
    seen = [desk.text]
    stays_at = time.perf_counter()
    while desk.read(time.perf_counter() + 3.0):
        if desk.text != seen[-1]:
            seen.append(desk.text)
            stays_at = desk.shown_at
    return stays_at - at
