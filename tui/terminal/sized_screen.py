"""Screens laid out for the size that the terminal has now, which leave the mouse to the screen that follows."""

from __future__ import annotations

from textual import events
from textual.screen import Screen

NARROW_OR_WIDE = [(0, "-narrow"), (100, "-wide")]
"""Classes of a screen by its columns."""


class SizedScreen:
    """Mixed into a `Screen`: drops what it hears of an earlier size.

    Textual (8.2.8) reports each new layout to the screen itself as another resize. Two sizes that come close together,
    as when a window is dragged, or a terminal's size is first guessed and then known, undo each other for ever where
    the screen calls something after each.
    """

    def on_resize(self, event: events.Resize) -> None:
        assert isinstance(self, Screen)
        if event.size != self.app.size:
            event.prevent_default()

    def on_screen_suspend(self) -> None:
        """A button may be down. What no screen shows would take all that the mouse does from now on."""
        assert isinstance(self, Screen)
        self.app.capture_mouse(None)
