"""The private and undocumented parts of Textual that the desk relies on, each with the shape it relies on.

A new release of Textual that moves one of them fails here, by its name. `tests/house/test_toolkit.py` sees to it that
`tui/terminal` is the only place that uses them.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from rich import _emoji_codes
from textual import _compositor, _xterm_parser, events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Region
from textual.keys import Keys
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tests.kit.private_names import files_of, private_names


def parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def app_display() -> None:
    """Frames pass through it on their way to the terminal: we take their cells."""
    assert parameters(App._display) == ["screen", "renderable"]


def app_sync_available() -> None:
    """Whether the terminal shows a frame at once that is between two marks."""
    assert App[None]()._sync_available is False
    assert "SYNC_START" in inspect.getsource(App._begin_update)


def app_batch_count() -> None:
    """Frames are not shown while it is above 0: what is changed meanwhile is drawn at its end."""
    assert App[None]()._batch_count == 0
    assert "if self._batch_count:" in inspect.getsource(App._display)


def app_running() -> None:
    """Frames are shown from then on."""
    assert App[None]()._running is False
    assert "self._running" in inspect.getsource(App._display)


def layout_update() -> None:
    """A frame of a whole screen, or a region of it: lines of strips beside each other."""
    update = _compositor.LayoutUpdate([], Region(1, 2, 3, 4))
    assert (update.strips, update.region) == ([], Region(1, 2, 3, 4))


def app_clipboard() -> None:
    """What is pasted with ctrl+v in a text field: set by copying."""
    assert App[None]()._clipboard == App[None]().clipboard == ""
    assert "self._clipboard = text" in inspect.getsource(App.copy_to_clipboard)


def app_check_bindings() -> None:
    """Carries out what a key is bound to, and says whether there was anything; first the bindings with priority."""
    assert parameters(App._check_bindings) == ["key", "priority"]
    assert asyncio.iscoroutinefunction(App._check_bindings)
    assert inspect.signature(App._check_bindings).return_annotation == "bool"


def app_fatal_error() -> None:
    """Called for an exception that nothing handles; ours leaves the values of local variables out."""
    assert parameters(App._fatal_error) == []
    assert "self._fatal_error()" in inspect.getsource(App)


def app_exit_renderables() -> None:
    """What is printed after the app has left the terminal."""
    assert App[None]()._exit_renderables == []


def app_close_messages_no_wait() -> None:
    """Ends the app."""
    assert parameters(App._close_messages_no_wait) == []
    assert not asyncio.iscoroutinefunction(App._close_messages_no_wait)


def app_driver() -> None:
    """Writes to the terminal; nothing before the app runs."""
    assert App[None]()._driver is None
    assert parameters(LinuxDriver.write) == ["data"]


def chops_update() -> None:
    """A frame of the regions that changed, of which we write only the cells that changed."""
    assert parameters(_compositor.ChopsUpdate.__init__) == ["chops", "spans", "chop_ends"]
    update = _compositor.ChopsUpdate([{}], [(0, 0, 1)], [[]])
    assert (update.chops, update.spans, update.chop_ends) == ([{}], [(0, 0, 1)], [[]])
    assert parameters(_compositor.ChopsUpdate.render_segments) == ["console"]


def xterm_parser() -> None:
    """Makes an event of what the mouse sends."""
    event = _xterm_parser.XTermParser().parse_mouse_code("\x1b[<0;3;2M")
    assert isinstance(event, events.MouseDown) and (event.x, event.y) == (2, 1)
    assert _xterm_parser.XTermParser().parse_mouse_code("\x1b[A") is None


def sequence_to_key_events() -> None:
    """Knows the key of a character or a whole escape sequence."""
    parser = _xterm_parser.XTermParser()
    assert parameters(parser._sequence_to_key_events) == ["sequence", "alt"]
    assert [event.key for event in parser._sequence_to_key_events("\x1b[A")] == [Keys.Up]
    assert [event.key for event in parser._sequence_to_key_events("a")] == ["a"]
    assert list(parser._sequence_to_key_events("\x1b[31m")) == []


def text_area_theme() -> None:
    """The styles of its parts, looked up for each frame; another one where they are to be looked up again."""
    assert "theme = self._theme" in inspect.getsource(TextArea.render_lines)
    assert "theme.apply_css(self)" in inspect.getsource(TextArea.render_lines)
    assert "self._theme = dataclasses.replace" in inspect.getsource(TextArea._set_theme)


def text_area_scroll_bar() -> None:
    """Called in the middle of an undo, before the cursor has moved."""
    assert parameters(TextArea._watch_show_vertical_scrollbar) == []
    undo = inspect.getsource(TextArea._undo_batch)
    assert undo.index("self._refresh_size()") < undo.index("edit.after(self)")


def layout_required() -> None:
    """Widgets are about to be placed anew, or moved: what is drawn at once might be drawn in the wrong place."""
    assert Widget()._layout_required is Screen[None]()._layout_required is Screen[None]()._scroll_required is False
    timer = inspect.getsource(Screen._on_timer_update)
    assert "if self._layout_required:" in timer and "elif self._scroll_required:" in timer


def screen_layout() -> None:
    """Lays a screen out and draws it; called first when the screen is shown, which then asks for it to be repainted."""
    assert parameters(Screen._refresh_layout) == ["size", "scroll"]
    resume = inspect.getsource(Screen._on_screen_resume)
    assert resume.index("self._refresh_layout(size)") < resume.index("self.refresh()")


def requests_of_parts() -> None:
    """Messages in which widgets ask a screen for another layout, and to be drawn; sent when they are idle."""
    for handler in (Screen._on_layout, Screen._on_update):
        assert parameters(handler) == ["message"]
    idle = inspect.getsource(Widget._check_refresh)
    assert "if self._repaint_required:" in idle and "screen.post_message(messages.Update(self))" in idle
    assert "if self._layout_required:" in idle and "screen.post_message(messages.Layout(self))" in idle


def tooltips_and_notifications() -> None:
    """Each is a widget of every screen, unless it is turned off."""
    assert App[None]()._disable_tooltips is App[None]()._disable_notifications is False
    extends = inspect.getsource(Screen._extend_compose)
    assert "if not self.app._disable_notifications:" in extends and "if not self.app._disable_tooltips:" in extends


def styles_cache() -> None:
    """Cache of a widget's rendered lines; `set_dirty` invalidates those of a region."""
    assert "self._styles_cache.set_dirty(" in inspect.getsource(Widget._set_dirty)
    assert "self._styles_cache.render_widget" in inspect.getsource(Widget.render_lines)


def driver_app() -> None:
    """Where messages of the terminal go; they come from the thread that reads."""
    sends = inspect.getsource(Driver.send_message)
    assert "self._app._post_message(message), loop=self._loop" in sends
    assert "call_soon_threadsafe(self._message_queue.put_nowait" in inspect.getsource(MessagePump.post_message)


def emoji_codes() -> None:
    """The table of emoji names: small letters and underscores."""
    assert _emoji_codes.EMOJI["tada"] == _emoji_codes.EMOJI["party_popper"] == "🎉"


PRIVATE_PARTS: dict[str, Callable[[], None]] = {
    "App._display": app_display,
    "App._sync_available": app_sync_available,
    "App._batch_count": app_batch_count,
    "App._running": app_running,
    "textual._compositor.LayoutUpdate": layout_update,
    "App._clipboard": app_clipboard,
    "App._check_bindings": app_check_bindings,
    "App._fatal_error": app_fatal_error,
    "App._exit_renderables": app_exit_renderables,
    "App._close_messages_no_wait": app_close_messages_no_wait,
    "App._driver": app_driver,
    "textual._compositor.ChopsUpdate": chops_update,
    "textual._xterm_parser.XTermParser": xterm_parser,
    "TextArea._theme": text_area_theme,
    "TextArea._watch_show_vertical_scrollbar": text_area_scroll_bar,
    "Widget._layout_required": layout_required,
    "Screen._scroll_required": layout_required,
    "Screen._refresh_layout": screen_layout,
    "Screen._on_layout": requests_of_parts,
    "Screen._on_update": requests_of_parts,
    "Widget._repaint_required": requests_of_parts,
    "App._disable_tooltips": tooltips_and_notifications,
    "App._disable_notifications": tooltips_and_notifications,
    "Widget._styles_cache": styles_cache,
    "Driver._app": driver_app,
    "Driver._loop": driver_app,
    "rich._emoji_codes.EMOJI": emoji_codes,
    "XTermParser._sequence_to_key_events": sequence_to_key_events,
}


@pytest.mark.parametrize("name", PRIVATE_PARTS)
def test_the_private_part_is_as_we_use_it(name: str) -> None:
    PRIVATE_PARTS[name]()


def test_every_private_name_in_the_terminal_folder_is_listed_here() -> None:
    used = set[str]().union(*map(private_names, files_of("tui/terminal")))
    assert {name.rpartition(".")[2] for name in used} == {name.rpartition(".")[2] for name in PRIVATE_PARTS}


def test_the_input_thread_of_the_driver_is_as_we_replace_it() -> None:
    """Not private by its name, and documented nowhere: the loop in which the driver reads keys."""
    source = inspect.getsource(LinuxDriver)
    assert parameters(LinuxDriver.run_input_thread) == []
    assert "self.exit_event" in source and "self.fileno" in source
    assert parameters(LinuxDriver.process_message) == ["message"]


def test_the_driver_takes_and_leaves_the_terminal_as_we_rely_on() -> None:
    """Our writer is there before the first write of the one and until after the last of the other."""
    assert "self.write(" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "self.attrs_before = termios.tcgetattr" in inspect.getsource(LinuxDriver.start_application_mode)
    assert "self.write(" in inspect.getsource(LinuxDriver.stop_application_mode)
    suspends = inspect.getsource(LinuxDriver.suspend_application_mode)
    assert suspends.index("self.stop_application_mode()") < suspends.index("self.close()")
    assert "self.resume_application_mode()" in inspect.getsource(LinuxDriver)


async def test_frames_after_the_first_are_partial_ones() -> None:
    """Or `ChangedCells` would never be used, and every key would cost a whole screen."""
    shown: list[object] = []

    class Watched(App[None]):
        def compose(self) -> Any:
            yield Static("before", id="text")

        def _display(self, screen: Any, renderable: Any) -> None:
            shown.append(renderable)

    async with Watched().run_test() as pilot:
        shown.clear()
        pilot.app.query_one("#text", Static).update("after")
        async with asyncio.timeout(60):
            while not any(isinstance(renderable, _compositor.ChopsUpdate) for renderable in shown):
                await pilot.pause()
