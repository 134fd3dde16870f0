"""500 open conversations of one agent, beside 30 (a page of the list): an event's cost, and what the agent feels."""

from __future__ import annotations

from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from tests.bench.desk import Round, desk_of, has_list, key_figures
from tests.bench.figures import Figure
from tests.bench.fill import held
from tests.bench.processes import CLIENT, fast_vendor, memory_mb, on_processor
from tests.bench.scale.cores import HookLoad, core_on, figure, pid_of
from tests.bench.scale.desk_keys import letters, list_moves, openings
from tests.kit.running import Core

_LARGE, _SMALL, _TEXTS = 500, 14, 10
_OF = f"{_SMALL} conversations"


async def measure(rounds: int, folder: Path) -> list[Figure]:
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(fast_vendor())
        cores = [
            await stack.enter_async_context(core_on(folder / str(count), vendor, held(count, texts_each=_TEXTS)))
            for count in (_LARGE, _SMALL)
        ]
        keys = _keys(rounds, folder, cores)
        costs: list[list[float]] = [[], []]
        loads = [HookLoad(core, count=1000, texts_each=1, consumers=_SMALL) for core in cores]
        for _ in range(rounds + 1):
            for load, found in zip(loads, costs, strict=True):
                found.append((await load.round())["own_us"])
        return [*keys, figure("processor time of a hook to a held conversation", "us", _OF, *costs)]


def _keys(rounds: int, folder: Path, cores: list[Core]) -> list[Figure]:
    moves: list[list[Round]] = [[], []]
    opened: list[list[Round]] = [[], []]
    typed: list[list[Round]] = [[], []]
    with on_processor(CLIENT), ExitStack() as stack:
        desks = [stack.enter_context(desk_of(core, folder / f"state-{pid_of(core)}")) for core in cores]
        for desk in desks:
            desk.until(lambda text: "linked" in text and has_list(text), "the list")
        for _ in range(rounds + 1):
            for index, desk in enumerate(desks):
                moves[index].append(list_moves(desk))
                opened[index].append(openings(desk, _TEXTS))
        for desk in desks:
            desk.press("\r")
            desk.until(lambda text: "1,600" in text, "the compose pane")
        for _ in range(rounds + 1):
            for index, desk in enumerate(desks):
                typed[index].append(letters(desk))
        memory = [memory_mb(desk.pid) for desk in desks]
    return [
        *key_figures("held: cursor down and up", _OF, *(one[1:] for one in moves)),
        *key_figures("held: conversation opened", _OF, *(one[1:] for one in opened)),
        *key_figures("held: letter in the compose pane", _OF, *(one[1:] for one in typed)),
        Figure("held: desk's memory", "MB", (memory[0],), (memory[1],), _OF),
    ]
