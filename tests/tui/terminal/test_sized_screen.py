"""A screen that hears of two sizes at once is laid out for the one the terminal has."""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

from tui.terminal.sized_screen import SizedScreen

_ENOUGH = 20


class Counted(SizedScreen, Screen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.resized = 0

    def on_resize(self, event: events.Resize) -> None:
        self.resized += 1
        # As the desk repaints: what keeps Textual from taking two resizes for one.
        self.call_later(self.do_nothing)
        if self.resized > _ENOUGH:
            self.app.exit()

    def do_nothing(self) -> None:
        pass


async def test_an_earlier_size_is_not_laid_out_again() -> None:
    screen = Counted()
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen)
        for height in (25, 24):
            size = Size(80, height)
            screen.post_message(events.Resize(size, size))
            screen.call_later(screen.do_nothing)
        await pilot.pause()
        assert screen.resized <= _ENOUGH
        assert screen.size == app.size == Size(80, 24)


async def test_the_same_size_again_is_not_laid_out_again() -> None:
    class Sized(SizedScreen, Screen[None]):
        """Laid out for its size when it is shown."""

    screen, layouts = Sized(), list[Screen[object]]()
    async with App[None]().run_test(size=(80, 24)) as pilot:
        await pilot.app.push_screen(screen)
        await pilot.pause()
        screen.screen_layout_refresh_signal.subscribe(screen, layouts.append)
        screen.post_message(events.Resize(screen.size, screen.size))
        await pilot.pause()
        assert layouts == []
