"""A widget of one or a few lines, drawn by a function of its width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.message import Message

from connector.sms.text import cells
from tui.actions.keys import toolkit_name
from tui.draw.format import Span
from tui.widgets.line_widget import LineWidget, StyledLine


class Bar(LineWidget):
    """`draw(width)` gives the spans of the line, or of several lines. A click on a key that it names presses it."""

    class KeyClicked(Message):
        def __init__(self, key: str) -> None:
            """`key`: as the toolkit names it."""
            super().__init__()
            self.key = key

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

    def span_at(self, x: int, y: int) -> int | None:
        """The number of the span in a cell."""
        end = 0
        lines = self.lines()
        for number, (text, _) in enumerate(lines[y].spans if y < len(lines) else ()):
            end += cells(text)
            if x < end:
                return number
        return None

    async def on_click(self, event: events.Click) -> None:
        number = self.span_at(event.x, event.y)
        if number is None:
            return
        spans = self.lines()[event.y].spans
        # The key itself, or what it does, which stands behind it.
        key = next((text for text, role in reversed(spans[max(0, number - 1) : number + 1]) if role == "key"), None)
        for one in key.split() if key is not None else ():  # some actions take two
            self.post_message(self.KeyClicked(toolkit_name(one)))

    def lines(self) -> Sequence[StyledLine]:
        return [StyledLine(spans, "" if y else self.base) for y, spans in enumerate(self._draw(self.size.width))]
