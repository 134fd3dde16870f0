"""The compose area: a text area without a blinking cursor, in which emoji are found by name."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType

from connector.sms.text import written
from tui.actions.keys import Context
from tui.terminal.text_area import CalmTextArea
from tui.widgets.bindings import bindings
from tui.widgets.emoji_picker import EmojiPicker


class ComposeArea(CalmTextArea):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.COMPOSE, "newline")]

    def __init__(self, name: str, picker: EmojiPicker) -> None:
        """`picker` shows the emoji whose name is being typed."""
        self._picker = picker
        self._asked_at: tuple[int, int] | None = None  # row and column of a colon that emoji were asked for at
        self._left_at: tuple[int, int] | None = None  # of one whose picker the agent has left
        super().__init__(id=name, soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.match_cursor_bracket = False

    def show_draft(self, text: str) -> None:
        """Show a draft, the cursor at its end."""
        text = written(text)
        if text != self.text:
            self.load_text(text)
            self.move_cursor(self.document.end)
            self._left_at = self._name_at()  # a draft asks for nothing

    def fit(self, least: int, most: int) -> None:
        """Take as many lines as the text has, within these bounds."""
        wanted = max(least, min(most, self.wrapped_document.height))
        if self.styles.height is None or self.styles.height.value != wanted:
            self.styles.height = wanted

    def replace_all(self, text: str) -> None:
        """Replace the text in a way that the area's own undo can take back."""
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)

    def on_paste(self, event: events.Paste) -> None:
        """Make pasted text safe: the area would draw escape sequences as they are."""
        event.prevent_default()
        pasted = self.replace(written(event.text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(pasted.end_location)

    def on_resize(self) -> None:
        self.call_after_refresh(self.scroll_cursor_visible)

    # Emoji by name.

    def offer_emoji(self) -> None:
        """Show or hide the picker, by what stands before the cursor now."""
        at = self._name_at()
        if at is None:
            self._left_at = None
        if at is None or at == self._left_at or not self.has_focus:
            self._picker.close()
            return
        self._left_at = None
        row, column = self.cursor_location
        self._picker.offer(self.document.get_line(row)[at[1] + 1 : column], self.text)

    def ask_emoji(self) -> None:
        """Offer emoji at the cursor: those of the name before it, or usual ones until a name is typed."""
        if self._name_at() is None:
            self._asked_at = self.cursor_location
            self.insert(":", maintain_selection_offset=False)
        self._left_at = None
        self.offer_emoji()

    def insert_emoji(self) -> bool:
        """Put the emoji under the picker's cursor in the place of its name; False when none is offered."""
        self.offer_emoji()  # the last letters may not have been announced yet
        at, chosen = self._name_at(), self._picker.chosen
        if at is None or chosen is None:
            return False
        self.replace(chosen, at, self.cursor_location, maintain_selection_offset=False)
        self._picker.close()
        return True

    def leave_emoji(self) -> bool:
        """Close the picker and leave the text as it is; False when it is closed."""
        self.offer_emoji()
        if self._picker.chosen is None:
            return False
        self._left_at = self._name_at()
        self._picker.close()
        return True

    def _name_at(self) -> tuple[int, int] | None:
        """Where the colon of the name stands that ends at the cursor."""
        from tui.model.emoji_search import typed_name

        row, column = self.cursor_location
        asked = self._asked_at[1] if self._asked_at is not None and self._asked_at[0] == row else None
        at = typed_name(self.document.get_line(row)[:column], asked)
        return None if at is None else (row, at)

    def action_cursor_up(self, select: bool = False) -> None:
        if not self._picker.move(-1):
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if not self._picker.move(1):
            super().action_cursor_down(select)

    def action_newline(self) -> None:
        self.insert("\n", maintain_selection_offset=False)
        self.scroll_cursor_visible()
