"""The picture screen: one picture as the terminal can show it, the transcript's others left and right of it."""

from __future__ import annotations

import asyncio
import os
from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple, Self

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region

from connector.wire.views import PictureView
from tui.actions.keys import Context
from tui.core import files
from tui.core.timers import once
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Line, picture
from tui.screens.covering import CoveringScreen
from tui.screens.dialogs.dialog import Dialog, Field, if_answered
from tui.screens.repainted import Repainted
from tui.terminal.driver import ANSWER_LIMIT_S, TerminalDriver, driver_of
from tui.terminal.pictures import capabilities
from tui.terminal.pictures.capabilities import PictureProtocol
from tui.terminal.pictures.decode import PixelBudget, UndecodablePicture
from tui.widgets.bar import Bar
from tui.widgets.bindings import bindings
from tui.widgets.picture_canvas import NOTHING, PictureCanvas, draw

_SETTLED_S = 0.1  # a screen that returns or is resized is written several times, and a picture is long


class RenderRequest(NamedTuple):
    """Which picture, by which protocol, into which space."""

    id: str
    protocol: PictureProtocol
    room: PixelBudget


class PictureScreen(CoveringScreen[None]):
    CONTEXT = Context.PICTURE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.PICTURE)]

    def __init__(
        self, desk: DeskController, opened: files.OpenedPictures, pictures: Sequence[PictureView], start: int
    ) -> None:
        super().__init__()
        self._opened = opened
        self.desk = desk
        self._pictures = pictures
        self._number = start
        self._decoded: RenderRequest | None = None
        self._picture_id = int.from_bytes(os.urandom(3)) | 1  # its id in the terminal, among those of other programs
        self._resized: TimerHandle | None = None
        self._error = ""

    def compose(self) -> ComposeResult:
        yield Bar(self._title, "title")
        yield PictureCanvas()
        yield Bar(self._words, "picture-words")
        yield Bar(self._foot, "foot")

    @property
    def _view(self) -> PictureView:
        return self._pictures[self._number]

    @property
    def _data(self) -> bytes | None:
        shown = self.desk.model.fetched.picture
        return shown.data if shown is not None and shown.id == self._view.id else None

    def _title(self, width: int) -> list[Line]:
        place = f"  {self._number + 1} of {len(self._pictures)}" if len(self._pictures) > 1 else ""
        return [[(" Picture ", "strong"), picture(self._view), (place, "muted")]]

    def _words(self, width: int) -> list[Line]:
        shown = self.desk.model.fetched.picture
        if shown is not None and shown.refusal:
            return [[(f" {shown.refusal}", "bad")]]
        if self._error:
            return [[(f" {self._error}", "warn")]]
        return [[("" if self._decoded else " fetching it from the core…", "muted")]]

    def _foot(self, width: int) -> list[Line]:
        disabled = set() if len(self._pictures) > 1 else {"older_picture", "newer_picture"}
        return bars.page_footer(self.desk.model, Context.PICTURE, width, disabled)

    def on_mount(self) -> None:
        terminal, forced = self._terminal, capabilities.forced_protocol(os.environ)
        if terminal is not None and forced is not PictureProtocol.BLOCKS:
            terminal.ask_capabilities()
            once(self, ANSWER_LIMIT_S + 0.01, self.repaint)
        self._go(self._number)
        self.call_after_refresh(self.repaint)

    def on_resize(self, event: events.Resize) -> None:
        if self._resized is not None:
            self._resized.cancel()
        self._resized = once(self, _SETTLED_S, self.repaint)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        # Regions are those of a screen under this one, which is not visible.
        return self if regions else super().refresh(repaint=repaint, layout=layout, recompose=recompose)

    def on_screen_suspend(self) -> None:
        for canvas in self.query(PictureCanvas):
            canvas.cover()

    def on_screen_resume(self) -> None:
        for canvas in self.query(PictureCanvas):
            once(self, _SETTLED_S, canvas.uncover)

    @property
    def _terminal(self) -> TerminalDriver | None:
        """The terminal, if it can be asked and colours are wanted."""
        driver = driver_of(self.app)
        return driver if isinstance(driver, TerminalDriver) and not self.app.no_color else None

    @property
    def _canvas(self) -> PictureCanvas | None:
        """None where it is not there yet, or no more: the page is being closed."""
        return next(iter(self.query(PictureCanvas)), None)

    def _wanted(self) -> RenderRequest | None:
        """What to draw; None as long as that is unknown."""
        if (canvas := self._canvas) is None:
            return None
        terminal, (columns, rows) = self._terminal, canvas.size
        if self._data is None or not columns or not rows or (terminal is not None and terminal.awaits_answer):
            return None
        if terminal is None:
            return RenderRequest(self._view.id, PictureProtocol.BLOCKS, PixelBudget(columns, rows, (1, 2)))
        reported = terminal.reported or capabilities.TerminalCapabilities()
        protocol = capabilities.forced_protocol(os.environ) or capabilities.best_protocol(reported)
        return RenderRequest(self._view.id, protocol, PixelBudget(columns, rows, terminal.cell_size()))

    def _go(self, to: int) -> None:
        self._number = max(0, min(to, len(self._pictures) - 1))
        self._decoded, self._error = None, ""
        if (canvas := self._canvas) is not None:
            canvas.show(NOTHING)
        self.desk.show_picture(self._view.id)
        self.repaint()

    def repaint(self) -> None:
        for bar in self.query(Bar):
            bar.repaint()
        self.post_message(Repainted())
        wanted = self._wanted()
        if wanted is not None and self._data is not None and self._decoded != wanted:
            self._decoded = wanted
            self.run_worker(self._draw(self._data, wanted), exclusive=True)

    async def _draw(self, data: bytes, wanted: RenderRequest) -> None:
        self._error = ""
        try:
            drawn = await asyncio.to_thread(draw, data, wanted.protocol, wanted.room, self._picture_id)
        except UndecodablePicture as error:
            drawn, self._error = NOTHING, str(error)
        if self._decoded == wanted and (canvas := self._canvas) is not None:
            canvas.show(drawn)
        self.repaint()

    def action_older_picture(self) -> None:
        self._go(self._number - 1)

    def action_newer_picture(self) -> None:
        self._go(self._number + 1)

    async def action_save_picture(self) -> None:
        data = self._data
        if data is None:
            self._refuse("The picture is not here yet.")
            return
        field = Field("File", files.default_path(self._view.id, self._view.content_type))
        dialog = Dialog("Save the picture to a new file", [field])
        await self.app.push_screen(dialog, if_answered(lambda answer: self._save(answer.texts[0], data)))

    def _save(self, where: str, data: bytes) -> None:
        self.run_worker(self._do(lambda: f"Saved: {files.save(where, data)}"))

    def action_open_picture(self) -> None:
        data, program = self._data, files.viewer_program(os.environ)
        if data is None:
            self._refuse("The picture is not here yet.")
        elif program is None:
            self._refuse("There is no window to open it in here; s saves it to a file.")
        else:
            kind = self._view.content_type
            self.run_worker(self._do(lambda: f"Opened with {self._opened.open(program, kind, data)}."))

    async def _do(self, work: Callable[[], str]) -> None:
        try:
            self.desk.say(await asyncio.to_thread(work))
        except files.UnusableFile as error:
            self.desk.say(str(error), is_error=True)
        self.repaint()

    def _refuse(self, words: str) -> None:
        self.desk.say(words, is_error=True)
        self.repaint()

    def back(self) -> None:
        self.dismiss()
