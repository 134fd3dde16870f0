from __future__ import annotations

from rich.segment import Segment
from textual.app import App, ComposeResult

from tui.terminal.pictures.decode import PixelBudget
from tui.widgets.picture_canvas import DrawnPicture, PictureCanvas

SIZE = (20, 5)
SIXELS = DrawnPicture([[Segment("sixels")]], 6, PixelBudget(*SIZE, (1, 2)), "\x1b[2J")
BLOCKS = DrawnPicture([[Segment("blocks")]], 6, PixelBudget(*SIZE, (1, 2)), "")


class Showing(App[None]):
    def compose(self) -> ComposeResult:
        yield PictureCanvas()

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


async def test_bytes_for_the_terminal_wait_until_the_screen_has_been_written() -> None:
    app = Showing()
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(PictureCanvas).show(SIXELS)
        await pilot.pause()
        assert "sixels" not in app.text
        app.query_one(PictureCanvas).uncover()
        await pilot.pause()
        assert "sixels" in app.text
        app.query_one(PictureCanvas).cover()
        await pilot.pause()
        assert "sixels" not in app.text


async def test_text_does_not_wait() -> None:
    app = Showing()
    async with app.run_test(size=SIZE) as pilot:
        app.query_one(PictureCanvas).show(BLOCKS)
        await pilot.pause()
        assert "blocks" in app.text
