"""Screens laid out for the size that the terminal has now, which leave the mouse to the screen that follows."""

from __future__ import annotations

from textual import events
from textual.geometry import Size
from textual.screen import Screen

NARROW_OR_WIDE = [(0, "-narrow"), (100, "-wide")]
"""Classes of a screen by its columns."""


class SizedScreen:
    """Mixed into a `Screen`: drops what it hears of an earlier size, or of the same one again.

    Textual (8.2.8) reports each new layout to the screen itself as another resize. Two sizes that come close together,
    as when a window is dragged, or a terminal's size is first guessed and then known, undo each other for ever where
    the screen calls something after each.
    """

    _laid_out_for: Size | None = None

    def on_resize(self, event: events.Resize) -> None:
        assert isinstance(self, Screen)
        if event.size != self.app.size or event.size == self._laid_out_for:
            event.prevent_default()
        else:
            self._laid_out_for = event.size

    def take_size_classes(self) -> None:
        """Have the classes of the terminal's size. Called before there are children, which are styled once then, and
        not again when the screen hears of its size."""
        assert isinstance(self, Screen)
        size = self.app.size
        for cells, breakpoints in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            _, name = max(each for each in breakpoints or () if each[0] <= cells)
            self.add_class(name, update=False)

    def on_screen_suspend(self) -> None:
        """A button may be down. What no screen shows would take all that the mouse does from now on."""
        assert isinstance(self, Screen)
        self.app.capture_mouse(None)
