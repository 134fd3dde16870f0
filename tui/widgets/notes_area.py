"""A text field of several lines in a dialog."""

from __future__ import annotations

from textual import events

from connector.sms.text import written
from tui.terminal.text_area import CalmTextArea


class NotesArea(CalmTextArea):
    def __init__(self, name: str) -> None:
        super().__init__(id=name, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def show(self, text: str) -> None:
        """Show a text, the cursor at its end."""
        self.load_text(written(text))
        self.move_cursor(self.document.end)

    def on_paste(self, event: events.Paste) -> None:
        """Make pasted text safe: the area would draw escape sequences as they are."""
        event.prevent_default()
        event.stop()
        pasted = self.replace(written(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(pasted.end_location)

    def action_newline(self) -> None:
        self.insert("\n", maintain_selection_offset=False)
        self.scroll_cursor_visible()
