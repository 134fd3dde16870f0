"""A widget of one or a few lines, drawn by a function of its width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.draw.format import Span
from tui.widgets.line_widget import LineWidget, StyledLine


class Bar(LineWidget):
    """`draw(width)` gives the spans of the line, or of several lines."""

    def __init__(self, draw: Callable[[int], Sequence[Sequence[Span]]], name: str) -> None:
        super().__init__(name)
        self._draw = draw
        self.base = ""
        """The role of its first line."""

    def repaint(self) -> None:
        """The footer grows with its notice."""
        if self.is_mounted and self.size and self.id == "foot":
            wanted = max(1, len(self.lines()))
            if wanted != self.size.height:
                self.styles.height = wanted
        super().repaint()

    def lines(self) -> Sequence[StyledLine]:
        return [StyledLine(spans, "" if y else self.base) for y, spans in enumerate(self._draw(self.size.width))]
