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
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice, takewhile
from types import FrameType
from typing import Any

from rich.console import COLOR_SYSTEMS, RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui.model.key_names import KeyNames
from tui.terminal import first_frame
from tui.terminal.background import BackgroundReported
from tui.terminal.cell_diff import ChangedCells, changed_strips
from tui.terminal.deadline import ExitDeadline
from tui.terminal.driver import TerminalDriver, TerminalTakenAgain
from tui.terminal.input.keyboard import WordKey
from tui.terminal.input.letters import Letters, OnlyLetters, is_line_end, is_text, text_of
from tui.terminal.themes import bare
from tui.terminal.themes.choice import LOOKS, can_be_asked, chosen, following, is_light
from tui.terminal.themes.names import AUTO
from tui.terminal.themes.numbered import NumberedColours

_TYPED_LIMIT_S = 1.0
_NO_NAMES = KeyNames()


class KeysWait(Message):
    """There are keys that have not been carried out."""


class TerminalApp(App[None]):
    """Keys are carried out one after another; those pressed before `release_keys` wait for it."""

    ALLOW_SELECT = False  # of a widget that draws its lines itself, the toolkit would copy the name

    def __init__(self, *, theme: str = AUTO, key_names: KeyNames = _NO_NAMES, **options: Any) -> None:
        """`theme`: a name of `themes.names.NAMES`."""
        super().__init__(driver_class=TerminalDriver, **options)
        self.key_names = key_names
        for each in LOOKS.values():
            self.register_theme(each.theme)
        self._numbered = NumberedColours()
        self._theme_wanted = theme
        self._ground_is_light: bool | None = None  # as the terminal has told
        self.use_theme(theme)
        self._early: list[events.Key | Letters | events.Paste] | None = []
        self._keys: deque[events.Key | Letters | events.Paste] = deque()  # not carried out yet
        self._left_early: int | None = None  # with which exit code
        self._is_process = False
        self._deadline: ExitDeadline | None = None

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
        if self._early is not None:
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
        if isinstance(self._driver, TerminalDriver) and (output := self._driver.cell_output) is not None:
            output.show_again()
        self._ask_background()
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    def key_pressed(self) -> None:
        """Called before each key, or run of letters, is carried out."""
        raise NotImplementedError

    def key_done(self, *, did_something: bool) -> None:
        """Called after each key, or run of letters. `did_something` is false for a key that is bound to nothing."""
        raise NotImplementedError

    async def release_keys(self) -> None:
        """The screen is there: carry out the keys pressed so far, and from now on each as it comes."""
        early, self._early = self._early or [], None
        if self._deadline is not None:
            self._deadline.is_saved.clear()
        if self._left_early is not None:
            self.leave(self._left_early)
            return
        for key in early:
            await self.on_event(key)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize) and isinstance(self._driver, TerminalDriver):
            self._driver.resized()
        if isinstance(event, events.Key | Letters | events.Paste) and not event.is_forwarded:
            self.app_focus = True  # keys come: or, with the report of it late, none would reach a text field
            if self._early is not None:
                self._early.append(event)
            else:
                self._keys.append(event)
                if len(self._keys) == 1:
                    await self._take_keys()
        else:
            await super().on_event(event)

    @on(KeysWait)
    async def _take_keys(self) -> None:
        """Carry out the first of the keys, or of a run as much as one step allows: what it leads to comes first."""
        match self._keys[0]:
            case Letters() as letters:
                if rest := await self._take_letters(letters):
                    self._keys[0] = rest
                    self.post_message(KeysWait())
                    return
            case WordKey() as key if not self._is_writing:
                for each in key.instead:
                    await self._take_key(each)
            case events.Paste() as pasted:
                await super().on_event(pasted)
            case key:
                await self._take_key(key)
        self._keys.popleft()
        if self._keys:
            self.post_message(KeysWait())

    @property
    def _is_writing(self) -> bool:
        return isinstance(self.focused, Input | TextArea)

    async def _take_letters(self, letters: Letters) -> Letters | None:
        """To a text field they are one text; elsewhere each is a key, and may lead to a text field.

        An Enter among them that was typed after a command is pressed in a dialog, and sends nothing all the same.
        Returned are those that have to wait.
        """
        waiting = deque(letters.keys)
        in_dialog = isinstance(self.screen, ModalScreen)
        # What has no line end and goes to a dialog is no paste: a tab in it leads from field to field.
        is_typed = letters.is_typed or not (any(map(is_line_end, letters.keys)) if in_dialog else self._is_writing)
        while waiting:
            is_whole = isinstance(self.focused, TextArea) or not is_typed
            if self._is_writing and (text := list(waiting if is_whole else takewhile(is_text, waiting))):
                await self._write(text)
                waiting = deque(islice(waiting, len(text), None))
                continue
            key = waiting.popleft()
            if not isinstance(letters, OnlyLetters) and (is_text(key) or is_typed):
                await self._take_key(key)
                if waiting and not is_text(key):
                    return Letters([*waiting], is_typed=is_typed)
        return None

    async def _write(self, keys: Iterable[events.Key]) -> None:
        self.key_pressed()
        await super().on_event(events.Paste(text_of(keys)))
        self.key_done(did_something=True)

    async def _take_key(self, key: events.Key) -> None:
        self.key_pressed()
        is_letter = self._is_writing and is_text(key)
        is_command = await self._carried_out(key)
        if not is_command:
            await super().on_event(key)
        self.key_done(did_something=is_command or is_letter)

    async def _carried_out(self, event: events.Key) -> bool:
        """Do what the key is bound to before the next key is looked at.

        Keys come in bursts over a slow line. Left alone, a key that sends would overtake the letters before it, or be
        overtaken by the letters after it, on its way through the widgets' queues.
        """
        if isinstance(self.focused, Input | TextArea):
            if self.focused.check_consume_key(event.key, event.character):
                return False
            typed = asyncio.Event()
            self.focused.call_later(typed.set)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(typed.wait(), _TYPED_LIMIT_S)
        return await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key)

    @property
    def _is_typed_into(self) -> bool:
        """Where the terminal's cursor is matters, hidden as it is: input methods and magnifiers follow it."""
        return isinstance(self.focused, Input | TextArea)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        output = self._driver.cell_output if isinstance(self._driver, TerminalDriver) else None
        if output is None or not isinstance(renderable, ChopsUpdate | LayoutUpdate):
            super()._display(screen, ChangedCells(renderable) if isinstance(renderable, ChopsUpdate) else renderable)
        elif self._running and not self._batch_count:
            size = screen.outer_size
            output.show(
                size,
                changed_strips(renderable),
                size.clamp_offset(self.cursor_position) if self._is_typed_into else None,
                COLOR_SYSTEMS[self.console.color_system or "truecolor"],
                is_synchronized=self._sync_available,
            )

    def _fatal_error(self) -> None:
        """Show a traceback without local variables, which may hold messages of consumers."""
        from rich.traceback import Traceback

        first_frame.leave()
        self._exit_renderables.append(Traceback(show_locals=False))
        self._close_messages_no_wait()
