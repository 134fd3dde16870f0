"""The emoji whose name is being typed, a few lines above the compose pane. It takes no focus: the letters go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connector.base.counted import count
from connector.sms.segments import measure
from connector.sms.text import one_line
from tui.actions import keys
from tui.draw.format import Line, pad
from tui.widgets.bindings import key_names
from tui.widgets.line_widget import LineWidget, StyledLine

if TYPE_CHECKING:
    from tui.model.emoji_search import NamedEmoji

_MOST = 5


class EmojiPicker(LineWidget):
    def __init__(self) -> None:
        super().__init__("emoji")
        self.display = False
        self._found: list[NamedEmoji] = []
        self._cursor = 0
        self._typed = ""
        self._text = ""

    @property
    def chosen(self) -> str | None:
        """The emoji under the cursor; None when nothing is offered."""
        return self._found[self._cursor].emoji if self._found else None

    def offer(self, name: str, text: str) -> None:
        """Show the emoji that match a name, which is part of `text`."""
        from tui.model.emoji_search import matches
        from tui.terminal.emoji_names import emoji_by_name

        found = matches(emoji_by_name(), name, _MOST)
        if found != self._found:
            self._cursor = 0
        self._found, self._typed, self._text = found, name, text
        if found:
            self.styles.height = len(found) + 1
        self.display = bool(found)
        self.repaint()

    def close(self) -> None:
        self._found = []
        self.display = False

    def move(self, by: int) -> bool:
        """Move the cursor; False when nothing is offered."""
        if self._found:
            self._cursor = (self._cursor + by) % len(self._found)
            self.repaint()
        return bool(self._found)

    def lines(self) -> Sequence[StyledLine]:
        rows = [
            StyledLine([(f"  {pad(one.emoji, 3)}", ""), (one_line(one.name, 40), "strong")], _cursor(n == self._cursor))
            for n, one in enumerate(self._found)
        ]
        return [StyledLine(self._title()), *rows]

    def _title(self) -> Line:
        """The keys, and what an emoji does to the price of the text."""
        names = key_names(self)
        send, back = (keys.key_for(names, each, keys.Context.COMPOSE) for each in ("send", "back"))
        line: Line = [
            (" emoji  ", "muted"),
            (send, "key"),
            (" inserts  ", "muted"),
            (back, "key"),
            (" leaves", "muted"),
        ]
        before = measure(self._text.replace(f":{self._typed}", ""))
        after = measure(self._text.replace(f":{self._typed}", self.chosen or ""))
        if before.culprit is None and after.culprit is not None:
            line.append((f"  makes it UCS-2: {count(after.segments, 'segment')}", "warn"))
        return line


def _cursor(is_here: bool) -> str:
    return "cursor" if is_here else ""
