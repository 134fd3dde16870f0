"""`python -m tests.bench.keys`: how many keys it takes to deal with thirty conversations, at 80x24.

Each task is driven through a real desk by keys alone, on a fake core, until the core has been asked for all thirty;
it fails where it is not. The goal is ten keys, words that are typed counted letter by letter.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from connector.wire import answers, requests
from connector.wire.views import SkillTargetView
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked
from tui.model.state import Model

CONVERSATIONS = 30
GOAL = 10
_BILLING = SkillTargetView(
    "billing", is_open=True, online=2, free=60, waiting=0, wait_s=None, goes_to="billing", words=""
)


class Task(NamedTuple):
    name: str
    keys: tuple[str, ...]
    asks: type[Any]


TASKS = (
    Task("closed", ("A", "enter", "x", "x"), requests.Close),
    Task("given back", ("A", "enter", "b", "b"), requests.GiveBack),
    Task("transferred", ("A", "enter", "t", *"bil", "enter"), requests.Transfer),
    Task("tagged", ("A", "enter", "number_sign", *"vip", "enter"), requests.SetTags),
    Task("snoozed", ("A", "enter", "z", *"2h", "enter"), requests.Snooze),
    Task("put off", ("A", "enter", "s", *"2h", "enter"), requests.SetDue),
)


async def count(task: Task, folder: Path) -> tuple[int, int]:
    """Keys pressed, and conversations that the core was asked about."""
    async with FakeCore(folder / "core.sock") as core:
        for number in range(CONVERSATIONS):
            core.receive(f"+155501{number:02}", "hello", owner="ann")
        core.targets = answers.Targets([_BILLING], [])
        async with desk_on(core, folder, size=(80, 24)) as desk:
            await desk.shows(f"Mine {CONVERSATIONS}")
            for key in task.keys:
                await desk.press(key)
                await desk.until(lambda: not _is_asking(desk.app.desk.model), "what a dialog asks for")
            await desk.until(lambda: _done(core, task) >= CONVERSATIONS, f"thirty to be {task.name}")
            return len(task.keys), _done(core, task)


def _is_asking(model: Model) -> bool:
    return any(isinstance(one.body, requests.GetTargets | requests.GetTags) for one in model.pending.values())


def _done(core: FakeCore, task: Task) -> int:
    return len({body.conversation_id for body in asked(core, task.asks)})


async def main() -> int:
    worst = 0
    for task in TASKS:
        with tempfile.TemporaryDirectory(prefix="keys") as name:
            keys, done = await count(task, Path(name))
        worst = max(worst, keys)
        print(f"{done} {task.name:<12} {keys:>2} keys  {' '.join(task.keys)}", flush=True)
    return worst > GOAL


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
