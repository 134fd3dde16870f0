"""A desk with a queue of 100,000: letters in a calm and while 50 events a second arrive, and a filter of its rows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from tests.bench.desk import Round, bare_app, desk_of, key_figures, pressed, typed
from tests.bench.figures import Figure, percentile
from tests.bench.fill import queued
from tests.bench.hooks import HOOK
from tests.bench.processes import CLIENT, ROOT, fast_vendor, on_processor
from tests.bench.scale.cores import core_on, figure
from tests.bench.terminal import Terminal
from tests.kit.running import Core

_LARGE, _SMALL = 100_000, 1_000
_PAUSE_S = 1 / 50
_HOOKS = 3_000  # more than a round takes
_OF = f"{_SMALL:,} conversations"
_ALL, _MINE = "\x1b[D", "\x1b[C"  # from the agent's own list and back
_runs = count()


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(size), vendor, queued(size, area=415)))
            for size in (_LARGE, _SMALL)
        ]
        with on_processor(CLIENT), ExitStack() as on_screen:
            desks = [on_screen.enter_context(desk_of(core, folder / f"state-{core.url[-5:]}")) for core in cores]
            area = on_screen.enter_context(bare_app("area"))
            area.until(lambda text: "floor" in text, "the text area")
            for desk, size in zip(desks, (_LARGE, _SMALL), strict=True):
                desk.until(partial(_has_queue, size), "the whole queue")
            found = list[tuple[list[float], list[float]]]()
            for _ in range(rounds + 1):
                found.append((_filtered(desks[0], _LARGE), _filtered(desks[1], _SMALL)))
            for desk in desks:
                desk.press(_ALL)  # where each text moves its conversation to the top
                desk.settle()
                desk.press("\r")
                desk.until(lambda text: "1,600" in text, "the compose pane")
            calm, busy, bare = list[Round](), list[Round](), list[Round]()
            for _ in range(rounds + 1):
                calm.append(typed(desks[0]))
                bare.append(typed(area))
                with _events(cores[0], desks[0]):
                    busy.append(typed(desks[0]))
    filters = [[one[index] for one in found] for index in (0, 1)]
    return [
        *key_figures(f"letter, {_LARGE:,} conversations", "Textual with one TextArea", calm[1:], bare[1:]),
        *key_figures("the same while 50 events a second arrive", "the same in a calm", busy[1:], calm[1:]),
        *(
            figure(
                f"filter of {_LARGE:,} rows: {name}",
                "ms",
                _OF,
                *([one[at] for one in each] for each in filters),
            )
            for at, name in enumerate(("its row after the last letter", "letter in it p95"))
        ),
    ]


def _has_queue(size: int, text: str) -> bool:
    return "linked" in text and f"Queue {size - 4:,}" in text


@contextmanager
def _events(core: Core, desk: Terminal) -> Iterator[None]:
    """About conversations all over the queue."""
    arguments = (
        core.url + HOOK,
        str(_HOOKS),
        str(next(_runs) * _HOOKS),
        "1",
        "--texts-each",
        "1",
        "--pause",
        str(_PAUSE_S),
    )
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load", *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as load:
        before = desk.bytes
        while desk.bytes == before:  # the first hook has to be signed
            desk.rest(0.1)
        desk.rest(0.5)
        try:
            yield
        finally:
            load.kill()
    desk.settle()


def _filtered(desk: Terminal, size: int) -> list[float]:
    """In the list of all: milliseconds from the last letter of a number to its row; and of its letters until they are
    shown, nearly all."""
    number = f"+1415{size - 7:07d}"
    desk.press(_ALL)
    desk.until(lambda text: "▸All" in text, "the list of all")
    desk.press("/")
    desk.settle(1.0)
    times = [pressed(desk, letter, partial(_is_filter, number[:typed])) for typed, letter in enumerate(number[:-1], 1)]
    pressed_at = desk.press(number[-1])
    found_ms = (desk.until(partial(_is_first, number), "the row") - pressed_at) * 1000
    desk.press("\x1b")
    desk.settle()
    desk.press(_MINE)
    desk.settle()
    return [found_ms, percentile(times, 0.95)]


def _is_first(number: str, text: str) -> bool:
    return any(line.startswith("▌") and number in line.partition("│")[0] for line in text.splitlines())


def _is_filter(words: str, text: str) -> bool:
    return any(line.startswith(f" {words}") for line in text.splitlines())
