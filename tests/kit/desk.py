"""A desk without a terminal, on a fake core over a real socket: press keys, read the screen, wait by name."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import textual._wait
from rich.segment import Segment
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip

from tests.kit.fake_core import FakeCore
from tui.app import DeskApp
from tui.core.link import over_unix
from tui.core.settings import Preferences
from tui.core.workspace import Workspace

PATIENCE_S = 60.0
_NONE = Preferences()

# Between looks whether the process has come to rest: three for every key, each of which was 20 ms.
textual._wait.SLEEP_GRANULARITY = 1 / 200
textual._wait.SLEEP_IDLE = textual._wait.SLEEP_GRANULARITY / 20


class DeskInHand:
    """What an agent has: keys and a screen."""

    def __init__(self, app: DeskApp, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def type(self, text: str) -> None:
        """Letters into whatever has the focus, faster than a screen is drawn."""
        driver = self.app._driver
        assert driver is not None
        for char in text:
            key = events.Key(char if char.isalnum() else _character_to_key(char), char)
            key.set_sender(self.app)
            driver.send_message(key)
        await self._pilot.pause()

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self._pilot.pause()

    async def click(self, at: tuple[int, int], *, times: int = 1) -> None:
        """Press the left button in a column and row of the screen."""
        await self._pilot.click(offset=at, times=times)
        await self._pilot.pause()

    async def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button in one cell of the screen and release it in another."""
        await self._pilot.mouse_down(offset=start)
        await self._pilot.hover(offset=end)
        await self._pilot.mouse_up(offset=end)
        await self._pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        await self._pilot.resize_terminal(width, height)
        await self._pilot.pause()

    async def until(self, condition: Callable[[], object], what: str, every_s: float = 0.01) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {what}; the screen says\n{self.text}")
            await self._pilot.pause(every_s)

    async def shows(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        await self.until(lambda: all(each in self.text for each in words), f"{words} on the screen")

    async def hides(self, words: str) -> None:
        await self.until(lambda: words not in self.text, f"{words!r} to go from the screen")

    @property
    def strips(self) -> list[Strip]:
        return self.app.screen._compositor.render_strips()

    @property
    def rows(self) -> list[str]:
        return [strip.text for strip in self.strips]

    @property
    def segments(self) -> list[Segment]:
        return [segment for strip in self.strips for segment in strip]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)


@asynccontextmanager
async def desk_on(
    core: FakeCore,
    workspace: Path,
    *,
    size: tuple[int, int] = (120, 36),
    preferences: Preferences = _NONE,
    is_demo: bool = False,
) -> AsyncIterator[DeskInHand]:
    """Ann's desk, as soon as its list is complete."""
    app = DeskApp(over_unix(core.path), Workspace(workspace), agent="ann", preferences=preferences, is_demo=is_demo)
    async with app.run_test(size=size) as pilot:
        desk = DeskInHand(app, pilot)
        await desk.until(lambda: app.desk.model.connection.is_complete, "the first snapshot")
        await desk.shows("linked")
        yield desk
