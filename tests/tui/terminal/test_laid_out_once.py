"""A screen is drawn once when it is shown, and again when something changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual import _compositor
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from tui.terminal.laid_out_once import LaidOutOnce


class Parts(Screen[None]):
    """One is hidden as the screen is mounted, and each gets its size in the layout."""

    def compose(self) -> ComposeResult:
        yield Static("first", id="first")
        yield Static("hidden", id="hidden")
        yield Static("last", id="last")

    def on_mount(self) -> None:
        self.query_one("#hidden").display = False


class Once(LaidOutOnce, Parts):
    pass


async def drawings(screen: Screen[None], then: Callable[[], object] = lambda: None) -> tuple[list[int], str]:
    """How many rows each frame of this screen has drawn, and the text that is shown in the end."""
    drawn: list[int] = []

    class Watched(App[None]):
        def get_default_screen(self) -> Screen[None]:
            return screen

        def _display(self, shown: Any, frame: Any) -> None:
            if not self._running or self._batch_count:
                return  # the toolkit drops it
            if isinstance(frame, _compositor.LayoutUpdate):
                drawn.append(frame.region.height)
            elif isinstance(frame, _compositor.ChopsUpdate):
                drawn.append(len(frame.spans))

    async with Watched().run_test(size=(20, 5)) as pilot:
        wait: Callable[[], Awaitable[None]] = pilot.pause
        await wait()
        then()
        await wait()
        return drawn, " ".join(strip.text.strip() for strip in screen._compositor.render_strips()).strip()


async def test_it_is_drawn_once() -> None:
    assert await drawings(Once()) == ([5], "first last")


async def test_the_toolkit_would_draw_it_again() -> None:
    drawn, text = await drawings(Parts())
    assert len(drawn) > 1 and text == "first last"


async def test_what_a_part_asks_for_as_it_gets_its_size_is_done() -> None:
    class Late(Static):
        def on_resize(self) -> None:
            self.screen.query_one("#hidden").display = True

    class Asking(Once):
        def compose(self) -> ComposeResult:
            yield from super().compose()
            yield Late("late")

    _, text = await drawings(Asking())
    assert text == "first hidden last late"


async def test_what_changes_afterwards_is_laid_out_and_drawn() -> None:
    screen = Once()

    def change() -> None:
        screen.query_one("#hidden").display = True
        screen.query_one("#first", Static).update("other")

    drawn, text = await drawings(screen, change)
    assert len(drawn) > 1 and text == "other hidden last"
