"""One picture over the whole screen, in half blocks; the others of the transcript to the left and right of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from connector.wire.views import PictureView
from tui import bars, files
from tui.desk import Desk
from tui.format import Span, picture
from tui.half_blocks import CannotShow, Rows, half_blocks
from tui.keys import Context
from tui.screens.ask import Ask, Field, if_given
from tui.screens.looked import Looked
from tui.widgets.bar import Bar
from tui.widgets.bound import bindings


class Canvas(Widget):
    """Draws what was decoded, in the middle."""

    def __init__(self) -> None:
        super().__init__(id="canvas")
        self._strips: list[Strip] = []

    def show(self, rows: Rows) -> None:
        self._strips = [Strip([_cell(*cell) for cell in row], len(row)) for row in rows]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        number = y - max(0, self.size.height - len(self._strips)) // 2
        if not 0 <= number < len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips[number]
        left = max(0, self.size.width - strip.cell_length) // 2
        return Strip([Segment(" " * left, self.rich_style), *strip]).adjust_cell_length(
            self.size.width, self.rich_style
        )


def _cell(upper: tuple[int, int, int], lower: tuple[int, int, int] | None) -> Segment:
    return Segment("▀", Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower) if lower else None))


class PictureScreen(Screen[None]):
    CONTEXT = Context.PICTURE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PICTURE)]

    def __init__(self, desk: Desk, pictures: Sequence[PictureView], start: int) -> None:
        super().__init__()
        self.desk = desk
        self._pictures = pictures
        self._number = start
        self._decoded: tuple[str, int, int] | None = None  # which picture, for which size
        self._trouble = ""

    def compose(self) -> ComposeResult:
        yield Bar(self._title, "title")
        yield Canvas()
        yield Bar(self._words, "picture-words")
        yield Bar(self._foot, "foot")

    @property
    def _view(self) -> PictureView:
        return self._pictures[self._number]

    @property
    def _data(self) -> bytes | None:
        shown = self.desk.model.picture
        return shown.data if shown is not None and shown.id == self._view.id else None

    def _title(self, width: int) -> list[list[Span]]:
        place = f"  {self._number + 1} of {len(self._pictures)}" if len(self._pictures) > 1 else ""
        return [[(" Picture ", "strong"), picture(self._view), (place, "muted")]]

    def _words(self, width: int) -> list[list[Span]]:
        shown = self.desk.model.picture
        if shown is not None and shown.words:
            return [[(f" {shown.words}", "bad")]]
        if self._trouble:
            return [[(f" {self._trouble}", "warn")]]
        return [[("" if self._decoded else " fetching it from the core…", "muted")]]

    def _foot(self, width: int) -> list[list[Span]]:
        pointless = set() if len(self._pictures) > 1 else {"older_picture", "newer_picture"}
        return bars.told_above(Context.PICTURE, self.desk.model.notice, width, pointless)

    def on_mount(self) -> None:
        self._go(self._number)

    def on_resize(self) -> None:
        self.call_after_refresh(self.look)

    def _go(self, to: int) -> None:
        self._number = max(0, min(to, len(self._pictures) - 1))
        self._decoded, self._trouble = None, ""
        self.query_one(Canvas).show([])
        self.desk.look_at(self._view.id)
        self.look()

    def look(self) -> None:
        for bar in self.query(Bar):
            bar.look()
        self.post_message(Looked())
        canvas = self.query_one(Canvas)
        wanted = (self._view.id, *canvas.size)
        if self._data is not None and canvas.size and self._decoded != wanted:
            self._decoded = wanted
            self.run_worker(self._decode(self._data, wanted), exclusive=True)

    async def _decode(self, data: bytes, wanted: tuple[str, int, int]) -> None:
        self._trouble = ""
        try:
            rows = await asyncio.to_thread(half_blocks, data, *wanted[1:])
        except CannotShow as error:
            rows, self._trouble = [], str(error)
        if self._decoded == wanted:
            self.query_one(Canvas).show(rows)
        self.look()

    def action_older_picture(self) -> None:
        self._go(self._number - 1)

    def action_newer_picture(self) -> None:
        self._go(self._number + 1)

    async def action_save_picture(self) -> None:
        data = self._data
        if data is None:
            self._tell("The picture is not here yet.")
            return
        field = Field("file", files.proposal(self._view.id, self._view.content_type))
        dialog = Ask("Save the picture to a new file", [field])
        await self.app.push_screen(dialog, if_given(lambda answer: self._save(answer.texts[0], data)))

    def _save(self, where: str, data: bytes) -> None:
        self.run_worker(self._do(lambda: f"Saved: {files.save(where, data)}"))

    def action_open_picture(self) -> None:
        data, program = self._data, files.opener(os.environ)
        if data is None:
            self._tell("The picture is not here yet.")
        elif program is None:
            self._tell("There is no window to open it in here; s saves it to a file.")
        else:
            kind = self._view.content_type
            self.run_worker(self._do(lambda: f"Handed to {files.show_outside(program, kind, data)}."))

    async def _do(self, work: Callable[[], str]) -> None:
        try:
            self.desk.say(await asyncio.to_thread(work))
        except files.CannotUse as error:
            self.desk.say(str(error), bad=True)
        self.look()

    def _tell(self, words: str) -> None:
        self.desk.say(words, bad=True)
        self.look()

    def back(self) -> None:
        self.dismiss()
