"""The base of the application: Textual's `App` on our driver, with keys handled in order and short frames.

It holds what the desk needs of the private parts of `App`, and knows nothing of the desk.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

from rich.console import COLOR_SYSTEMS, RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.errors import NoWidget
from textual.filter import LineFilter
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from tui.model.key_names import KeyNames
from tui.terminal import first_frame
from tui.terminal.background import BackgroundReported
from tui.terminal.cell_diff import ChangedCells, changed_strips
from tui.terminal.deadline import ExitDeadline
from tui.terminal.driver import TerminalDriver, TerminalTakenAgain
from tui.terminal.frugal.painter import Drawn
from tui.terminal.ordered_keys import OrderedKeys
from tui.terminal.output import TerminalOutput
from tui.terminal.themes import bare
from tui.terminal.themes.choice import LOOKS, can_be_asked, chosen, following, is_light
from tui.terminal.themes.names import AUTO
from tui.terminal.themes.numbered import NumberedColours

_NO_NAMES = KeyNames()
_FEW_CELLS = 200  # a letter in a line changes fewer


class TerminalApp(OrderedKeys, inherit_css=False):
    """An application on this process's terminal, with colours that it can show and a way to leave it clean."""

    # Without the toolkit's rules for parts that the desk does not have.
    DEFAULT_CSS = """
    TerminalApp {
        background: $background;
        color: $foreground;
        &:ansi { background: ansi_default; color: ansi_default; }
    }
    """
    ALLOW_SELECT = False  # of a widget that draws its lines itself, the toolkit would copy the name

    def __init__(self, *, theme: str = AUTO, key_names: KeyNames = _NO_NAMES, **options: Any) -> None:
        """`theme`: a name of `themes.names.NAMES`."""
        super().__init__(driver_class=TerminalDriver, **options)
        self.key_names = key_names
        self._disable_tooltips = self._disable_notifications = True  # two widgets of every screen
        for each in LOOKS.values():
            self.register_theme(each.theme)
        self._numbered = NumberedColours()
        self._theme_wanted = theme
        self._ground_is_light: bool | None = None  # as the terminal has told
        self.use_theme(theme)
        self._left_early: int | None = None  # with which exit code
        self._is_process = False
        self._deadline: ExitDeadline | None = None

    @property
    def count(self) -> int | None:
        """The number typed right before this key, where keys take one."""
        return None

    def run_as_process(self, *, mouse: bool = True) -> None:
        """Run on this process's terminal: its signals end the app, and the process where that takes too long.

        `mouse`: whether the terminal is to report it, and does not use it itself.
        """
        self._is_process = True
        self.run(mouse=mouse)

    def use_theme(self, theme: str) -> None:
        """Have another theme, from now on: a name of `themes.names.NAMES`."""
        self._theme_wanted = theme
        look = chosen(theme, os.environ, ground_is_light=self._ground_is_light)
        self.no_color = look is bare.LOOK
        is_another = self.is_running and look.theme.name != self.theme
        self.theme = look.theme.name
        if is_another:
            # Widgets are not told where their style sheets give the same colours, and lines have colours of their own.
            self.call_next(self._restyle)

    def _restyle(self) -> None:
        for screen in self.screen_stack:
            for widget in screen.walk_children(Widget):
                widget.notify_style_update()
                widget.refresh()

    def use_next_theme(self) -> str | None:
        """Have the next theme that looks different; its name. None: there is no other, as NO_COLOR is set."""
        name = following(self._theme_wanted, os.environ, ground_is_light=self._ground_is_light)
        if name == self._theme_wanted:
            return None
        self.use_theme(name)
        return name

    def refresh_css(self, animate: bool = True) -> None:
        """Before the terminal is taken nothing has a style yet: what is parsed then is parsed again for the screen."""
        if self._driver is None:
            self.stylesheet.set_variables(self.get_css_variables())
        else:
            super().refresh_css(animate=animate)

    def get_screen(self, screen: Any, screen_class: Any = None) -> Any:
        """Called before a screen is styled: its style sheets are read then. The toolkit (8.2.8) reads them later, and
        parses all others again and styles all screens anew."""
        found = super().get_screen(screen, screen_class)
        if new := [path for path in found.css_path if not self.stylesheet.has_source(str(path))]:
            self.stylesheet.read_all(new)
            self.stylesheet.parse()  # only these: of the others it knows the rules
        return found

    def get_line_filters(self) -> Sequence[LineFilter]:
        """In place of the toolkit's, which show the terminal's own 16 colours as fixed ones."""
        return () if self.current_theme.ansi else (self._numbered,)

    def on_mount(self) -> None:
        self._ask_background()

    def _ask_background(self) -> None:
        """The answer is not waited for: a light theme follows it, and a dark one is there already."""
        if self._theme_wanted == AUTO and isinstance(self._driver, TerminalDriver) and can_be_asked(os.environ):
            self._driver.ask_background()

    @on(BackgroundReported)
    def take_background(self, event: BackgroundReported) -> None:
        self._ground_is_light = is_light(*event.ground)
        self.use_theme(self._theme_wanted)

    def on_load(self) -> None:
        """Before the terminal is taken."""
        if not self._is_process:
            return
        self._deadline = deadline = ExitDeadline(self._free_terminal, self._restore_terminal)
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def end(number: int, _: FrameType | None) -> None:
            # Not the loop's own handlers: they are not called while it waits.
            deadline.begin(128 + number)
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self.leave, 128 + number, context=context)

        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, end)

    def leave(self, code: int) -> None:
        """End the app; overridden where something has to be done first."""
        if self._deadline is not None:
            self._deadline.begin(code)
        if self.awaits_release:
            self._left_early = code  # a screen cannot be removed while it is made
        else:
            self.exit(return_code=code)

    def saved(self) -> None:
        """From now on nothing is lost if the process ends."""
        if self._deadline is not None:
            self._deadline.is_saved.set()

    @property
    def line_is_silent(self) -> bool:
        """As of the latest look at it."""
        return isinstance(self._driver, TerminalDriver) and self._driver.line.is_silent

    def check_line(self, *, asks: bool) -> bool:
        """Look whether the line to the terminal is silent; `asks`: the terminal may be asked."""
        return isinstance(self._driver, TerminalDriver) and self._driver.check_line(asks=asks)

    def key_came(self) -> None:
        """A key has come."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.line.pressed(time.monotonic())

    async def check_multiplexer(self) -> None:
        """Look whether a terminal is attached to the multiplexer in which this one is, if it is in one."""
        from tui.terminal import multiplexer

        is_detached = await multiplexer.is_detached(os.environ)
        if isinstance(self._driver, TerminalDriver):
            self._driver.line.attached(time.monotonic(), is_attached=not is_detached)

    def write_to_terminal(self, sequence: str) -> None:
        """Write a control sequence that leaves the screen as it is."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.write(sequence)

    def show_in_title(self, words: str) -> None:
        """Have them in the title of the terminal's window, until the terminal is left."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.set_title(words)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, as far as the terminal allows it, which does not say."""
        self._clipboard = text
        self.run_worker(self._copy(text))

    async def _copy(self, text: str) -> None:
        from tui.terminal import clipboard, multiplexer

        if not await multiplexer.copy(os.environ, text) and self._driver is not None:
            self._driver.write(clipboard.sequence(text, os.environ))

    def _free_terminal(self, stuck_s: float) -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.let_go_if_stuck(stuck_s)

    def _restore_terminal(self) -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.restore_at_once()
        first_frame.leave()

    @on(TerminalTakenAgain)
    def draw_again(self) -> None:
        """Draw and write the whole screen."""
        if self._output is not None:
            self._output.show_again()
        self._ask_background()
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    async def release_keys(self) -> None:
        if self._deadline is not None:
            self._deadline.is_saved.clear()
        if self._left_early is not None:
            self.drop_keys()
            self.leave(self._left_early)
        else:
            await super().release_keys()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize) and isinstance(self._driver, TerminalDriver):
            self._driver.resized()
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._output is None or not isinstance(renderable, ChopsUpdate | LayoutUpdate):
            super()._display(screen, ChangedCells(renderable) if isinstance(renderable, ChopsUpdate) else renderable)
        elif self._running and not self._batch_count:
            self._show(self._output, screen, changed_strips(renderable), at_once=False)

    def draw_at_once(self, widget: Widget, regions: Sequence[Region]) -> bool:
        """Draw cells of a widget's content that have changed, in a frame of their own; each region is of one line.

        False: nothing is drawn, as they are many, not in sight, or about to move.

        The toolkit's next frame is queues and a timer away: two milliseconds and more.
        """
        if self._output is None or not self._running or self._batch_count:
            return False
        if sum(region.width for region in regions) > _FEW_CELLS:
            return False
        screen = self.screen
        if widget.screen is not screen:
            return False
        if widget._layout_required or screen._layout_required or screen._scroll_required:
            return False
        inset = widget.content_offset
        try:
            place = screen.find_widget(widget).region.offset
            at_screen = [region.translate(place + inset) for region in regions]
            if any(screen.get_widget_at(x, at.y)[0] is not widget for at in at_screen for x in range(at.x, at.right)):
                return False
        except NoWidget:
            return False
        in_widget = [region.translate(inset) for region in regions]
        widget._styles_cache.set_dirty(*in_widget)
        drawn = [(at.x, at.y, widget.render_lines(part)[0]) for at, part in zip(at_screen, in_widget, strict=True)]
        self._show(self._output, screen, drawn, at_once=True)
        return True

    @property
    def _output(self) -> TerminalOutput | None:
        return self._driver.cell_output if isinstance(self._driver, TerminalDriver) else None

    def _show(self, output: TerminalOutput, screen: Screen[Any], drawn: Drawn, *, at_once: bool) -> None:
        size = screen.outer_size
        output.show(
            size,
            drawn,
            # Input methods and magnifiers follow it, hidden as it is.
            size.clamp_offset(self.cursor_position) if self.is_writing else None,
            COLOR_SYSTEMS[self.console.color_system or "truecolor"],
            is_synchronized=self._sync_available,
            at_once=at_once,
        )

    def _fatal_error(self) -> None:
        """Show a traceback without local variables, which may hold messages of consumers."""
        from rich.traceback import Traceback

        first_frame.leave()
        self._exit_renderables.append(Traceback(show_locals=False))
        self._close_messages_no_wait()
