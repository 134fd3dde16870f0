"""A widget with more lines than fit: it counts them all and draws those in sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from tui.widgets.bindings import count_of
from tui.widgets.line_widget import LineWidget, StyledLine

MOVES = ("up", "down", "half_up", "half_down", "first", "last")


class ScrollingLines(LineWidget, can_focus=True):
    """Subclasses give `total` and `lines_between`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.top = 0

    @property
    def total(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def lines_between(self, start: int, end: int) -> Sequence[StyledLine]:
        """The lines from `start` up to, not including, `end`."""
        raise NotImplementedError

    @property
    def lowest(self) -> int:
        """The top line when the end is in sight."""
        return max(0, self.total - self.size.height)

    def lines(self) -> Sequence[StyledLine]:
        self.top = max(0, min(self.top, self.lowest))
        return self.lines_between(self.top, min(self.total, self.top + self.size.height))

    def show_from(self, top: int) -> None:
        """Scroll until this line is the first in sight."""
        self.top = max(0, min(top, self.lowest))
        self.repaint()

    @property
    def times(self) -> int:
        """How often the next move is made."""
        return count_of(self) or 1

    def action_up(self) -> None:
        self.show_from(self.top - self.times)

    def action_down(self) -> None:
        self.show_from(self.top + self.times)

    def action_half_up(self) -> None:
        self.show_from(self.top - self.times * max(1, self.size.height // 2))

    def action_half_down(self) -> None:
        self.show_from(self.top + self.times * max(1, self.size.height // 2))

    def action_first(self) -> None:
        self.show_from(0)

    def action_last(self) -> None:
        self.show_from(self.lowest)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.show_from(self.top - 2)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.show_from(self.top + 2)
