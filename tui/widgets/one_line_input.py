"""A text field of one line, which takes a paste of several lines as one."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from connector.sms.text import written
from tui.terminal.text_field import TextField


class OneLineInput(TextField, Input):
    def on_paste(self, event: events.Paste) -> None:
        """In place of the toolkit's, which drops all but the first line and shows controls as they are."""
        event.prevent_default()
        event.stop()
        self.replace(written(event.text.strip("\r\n"), keep_newlines=False), *sorted(self.selection))
