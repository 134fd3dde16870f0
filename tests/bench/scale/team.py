"""100,000 conversations of a team, beside 2,000: the start of a desk, its memory, and letters while the rest loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from msgspec import Struct

from tests.bench.desk import Round, desk_of, has_list, key_figures, typed
from tests.bench.figures import Figure
from tests.bench.fill import Fill, working_day
from tests.bench.processes import CLIENT, fast_vendor, memory_mb, on_processor
from tests.bench.scale.cores import core_on, figure
from tests.bench.terminal import Terminal
from tests.kit.running import Core

_LARGE, _SMALL, _MINE, _QUEUED, _COLLEAGUES = 100_000, 2_000, 12, 1_000, 200
_OF = f"{_SMALL:,} conversations"


class _Start(Struct, frozen=True):
    """Of one desk: milliseconds from its start, MB in memory with and without the list of all, letters."""

    first_ms: float
    list_ms: float
    queue_ms: float
    memory_mb: float
    letters: Round
    memory_with_all_mb: float


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(count), vendor, _team(count)))
            for count in (_LARGE, _SMALL)
        ]
        found: list[list[_Start]] = [[], []]
        for number in range(rounds + 1):
            for count, core, starts in zip((_LARGE, _SMALL), cores, found, strict=True):
                starts.append(_started(core, folder / f"state-{count}-{number}", count))
    figures = [
        figure(f"team: {name}", unit, _OF, *([getattr(one, field) for one in starts] for starts in found))
        for field, name, unit in (
            ("first_ms", "start to first frame", "ms"),
            ("list_ms", "start to the agent's list", "ms"),
            ("queue_ms", "start to the whole queue", "ms"),
            ("memory_mb", "desk's memory", "MB"),
            ("memory_with_all_mb", "desk's memory with the list of all", "MB"),
        )
    ]
    letters = ([one.letters for one in starts[1:]] for starts in found)
    return [*figures, *key_figures("team: letter while the rest loads", _OF, *letters)]


def _team(count: int) -> Fill:
    return working_day(count, mine=_MINE, queued=_QUEUED, colleagues=_COLLEAGUES)


def _started(core: Core, state: Path, count: int) -> _Start:
    with on_processor(CLIENT), desk_of(core, state) as desk:
        list_ms = _until(desk, has_list, "the agent's list")
        queue_ms = _until(desk, lambda text: f"Queue {_QUEUED:,}" in text, "the whole queue")
        desk.settle()
        memory = memory_mb(desk.pid)
        desk.press("\x1b[D")
        desk.until(lambda text: "▸All" in text, "the list of all")
        desk.press("\r")
        desk.until(lambda text: "1,600" in text, "the compose pane")
        letters = typed(desk)
        desk.until(lambda text: re.search(rf"▸All {count:,} ", text) is not None, "the rest")
        assert desk.first_shown_at is not None
        first_ms = (desk.first_shown_at - desk.started_at) * 1000
        return _Start(first_ms, list_ms, queue_ms, memory, letters, memory_mb(desk.pid))


def _until(desk: Terminal, condition: Callable[[str], bool], what: str) -> float:
    return (desk.until(condition, what) - desk.started_at) * 1000
