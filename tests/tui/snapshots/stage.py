"""A desk of one size in front of a scripted core, of which shots are taken on a tour through its screens."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from textual.strip import Strip

from tests.kit.desk import DeskInHand
from tests.kit.memory_core import MemoryCore
from tests.tui.snapshots.cells import Shot, shot
from tui.app import DeskApp
from tui.core.workspace import Workspace
from tui.model.state import LinkPhase
from tui.terminal.themes.choice import LOOKS

Size = tuple[int, int]
_EVERY_S = 0.03  # a shot takes as long as many frames
SIZES: tuple[Size, ...] = ((80, 24), (120, 36), (200, 50))

_ENVIRON = {"TERM": "xterm-256color", "TZ": "UTC", "TEXTDESK_ASK_TERMINAL": "0", "TEXTDESK_BELL": "0"}
_UNSET = ("NO_COLOR", "COLORTERM", "COLORFGBG", "TMUX", "STY", "XDG_CONFIG_HOME", "TEXTDESK_THEME")


class Tour(NamedTuple):
    """`go` takes the shots. `core` makes what is there when the desk starts."""

    name: str
    core: Callable[[], MemoryCore]
    go: Callable[[Stage], Awaitable[None]]
    sizes: tuple[Size, ...] = SIZES


class Stage:
    def __init__(self, core: MemoryCore, desk: DeskInHand, size: Size) -> None:
        self.core = core
        self.desk = desk
        self.size = size
        self.shots: dict[str, Shot] = {}

    async def press(self, *keys: str) -> None:
        await self.desk.press(*keys)

    async def open(self, consumer: str) -> None:
        """Open the conversation with this consumer that is not closed."""
        found = (view for view in self.core.conversations.values() if view.consumer == consumer and not view.closed_at)
        self.desk.app.main.show_conversation(next(found).id)
        await self.desk.press()

    async def shot(self, name: str, *words: str) -> None:
        """The screen as it is when it shows these words, and nothing more comes."""
        before: list[Strip] = []

        def is_still() -> bool:
            nonlocal before
            seen, before = before, self.desk.strips
            text = "\n".join(strip.text for strip in before)
            return self._has_answers and before == seen and all(each in text for each in words)

        await self.desk.until(is_still, f"a still screen with {words}", every_s=_EVERY_S)
        self.shots[name] = shot(self.size[0], before)

    async def in_themes(self, name: str, *words: str) -> None:
        """A shot in each theme, `THEME NAME`."""
        for theme in LOOKS:
            self.desk.app.use_theme(theme)
            await self.shot(f"{theme} {name}", *words)

    @property
    def _has_answers(self) -> bool:
        model = self.desk.app.desk.model
        return not model.pending or model.connection.phase is not LinkPhase.LINKED


@contextmanager
def surroundings() -> Iterator[None]:
    """The environment and the time zone of a shot."""
    before = dict(os.environ)
    os.environ.update(_ENVIRON)
    for name in _UNSET:
        os.environ.pop(name, None)
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        time.tzset()


async def shots(tour: Tour, size: Size, theme: str, folder: Path) -> dict[str, Shot]:
    """The shots of a tour by their names. `folder`: where the desk's own file may be."""
    with surroundings():
        core = tour.core()
        workspace = Workspace(folder)
        app = DeskApp(core.dial, workspace, agent="ann", theme=theme, now=core.now)
        async with app.run_test(size=size) as pilot:
            stage = Stage(core, DeskInHand(app, pilot), size)
            await stage.desk.until(lambda: app.desk.model.connection.is_complete, "the first snapshot")
            await tour.go(stage)
        return stage.shots
