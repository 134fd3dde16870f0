"""10,000 messages in one transcript, beside 40 (some more than a screen)."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from tests.bench.desk import Round, desk_of, has_list, key_figures
from tests.bench.figures import Figure
from tests.bench.fill import held
from tests.bench.processes import CLIENT, fast_vendor, memory_mb, on_processor
from tests.bench.scale.cores import HookLoad, core_on, figure, histories, pid_of
from tests.bench.scale.desk_keys import letters, pages
from tests.kit.running import Core, Desk

_LARGE, _SMALL = 10_000, 1_000
_OF = f"{_SMALL:,} messages"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(count), vendor, held(1, texts_each=count)))
            for count in (_LARGE, _SMALL)
        ]
        keys = _keys(rounds, folder, cores)
        latest: list[list[float]] = [[], []]
        middle: list[list[float]] = [[], []]
        costs: list[list[float]] = [[], []]
        asking = [await stack.enter_async_context(Desk(core, role="tool")) for core in cores]
        loads = [HookLoad(core, count=500, consumers=1) for core in cores]
        for _ in range(rounds + 1):
            for index, desk in enumerate(asking):
                one = list(desk.conversations)
                half = f"01K1{(_LARGE, _SMALL)[index] // 2:022d}"
                latest[index].append(await histories(desk, one))
                middle[index].append(await histories(desk, one, before=half))
                costs[index].append((await loads[index].round())["own_us"])
        return [
            *keys,
            figure("transcript: latest page p50", "ms", _OF, *latest),
            figure("transcript: page in the middle p50", "ms", _OF, *middle),
            figure("transcript: processor time of a hook to it", "us", _OF, *costs),
        ]


def _keys(rounds: int, folder: Path, cores: list[Core]) -> list[Figure]:
    typed: list[list[Round]] = [[], []]
    paged: list[list[Round]] = [[], []]
    with on_processor(CLIENT), ExitStack() as stack:
        desks = [stack.enter_context(desk_of(core, folder / f"state-{pid_of(core)}")) for core in cores]
        opened = list[float]()
        for desk in desks:
            desk.until(lambda text: "linked" in text and has_list(text), "the list")
            desk.settle()
            pressed_at = desk.press("\r")
            opened.append((desk.until(lambda text: "Number" in text, "the transcript") - pressed_at) * 1000)
        for _ in range(rounds + 1):
            for index, desk in enumerate(desks):
                typed[index].append(letters(desk))
                paged[index].append(pages(desk))
        memory = [memory_mb(desk.pid) for desk in desks]
    return [
        Figure("transcript: opened", "ms", (opened[0],), (opened[1],), _OF),
        *key_figures("transcript: letter in the compose pane", _OF, *(one[1:] for one in typed)),
        *key_figures("transcript: page up", _OF, *(one[1:] for one in paged)),
        Figure("transcript: desk's memory after paging", "MB", (memory[0],), (memory[1],), _OF),
    ]
