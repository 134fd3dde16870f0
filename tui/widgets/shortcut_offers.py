"""The saved replies whose shortcut is being typed, a few lines above the compose pane. It takes no focus: the letters
go on, and enter sends them as ever."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sms.text import cells, one_line
from connector.wire.saved_replies import SavedReplyView
from tui.actions import keys
from tui.draw.format import pad
from tui.draw.saved_replies import actions_line
from tui.widgets.bindings import key_names
from tui.widgets.line_widget import LineWidget, StyledLine

MOST = 4


class ShortcutOffers(LineWidget):
    def __init__(self) -> None:
        super().__init__("shortcuts")
        self.display = False
        self._found: Sequence[SavedReplyView] = ()
        self._texts: Sequence[str] = ()
        self._cursor = 0

    @property
    def chosen(self) -> SavedReplyView | None:
        """The saved reply under the cursor; None when nothing is offered."""
        return self._found[self._cursor] if self._found else None

    def offer(self, found: Sequence[SavedReplyView], texts: Sequence[str]) -> None:
        """`texts`: theirs, filled for the consumer."""
        if [one.id for one in found] != [one.id for one in self._found]:
            self._cursor = 0
        self._found, self._texts = found, texts
        if found:
            self.styles.height = len(found) + 1
        self.display = bool(found)
        self.repaint()

    def close(self) -> None:
        self._found = ()
        self.display = False

    def move(self, by: int) -> bool:
        """Move the cursor; False when nothing is offered."""
        if self._found:
            self._cursor = (self._cursor + by) % len(self._found)
            self.repaint()
        return bool(self._found)

    def lines(self) -> Sequence[StyledLine]:
        names = key_names(self)
        inserts = keys.key_for(names, "next_pane", keys.Context.COMPOSE)
        leaves = keys.key_for(names, "back", keys.Context.COMPOSE)
        title = [
            (" saved reply  ", "muted"),
            *((inserts, "key"), (" inserts  ", "muted"), (leaves, "key"), (" leaves", "muted")),
        ]
        rows = zip(self._found, self._texts, strict=True)
        return [StyledLine(title), *(self._row(*row, number == self._cursor) for number, row in enumerate(rows))]

    def _row(self, one: SavedReplyView, text: str, is_here: bool) -> StyledLine:
        shortcut, title = pad(f";{one.shortcut}", 15), one_line(one.title, 28)
        done = actions_line(one, 40)
        room = max(0, self.size.width - 2 - cells(shortcut) - cells(title) - sum(cells(words) for words, _ in done) - 2)
        line = [(f"  {shortcut}", "key"), (title, "strong"), (f"  {one_line(text, max(0, room - 2))}", "muted")]
        return StyledLine([*line, *done], "cursor" if is_here else "")
