"""The compose area: a text area without a blinking cursor, in which emoji are found by name and saved replies by their
shortcut."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widgets.text_area import Selection

from connector.sms.text import written
from tui.actions.keys import Context
from tui.terminal.text_area import CalmTextArea
from tui.widgets.bindings import bindings, reply_bindings
from tui.widgets.emoji_picker import EmojiPicker

if TYPE_CHECKING:
    from connector.wire.reply_fields import Filled
    from tui.widgets.shortcut_offers import ShortcutOffers


class ComposeArea(CalmTextArea):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.COMPOSE, "newline"), *reply_bindings()]

    def __init__(self, name: str, picker: EmojiPicker) -> None:
        """`picker` shows the emoji whose name is being typed."""
        self._picker = picker
        self._asked_at: tuple[int, int] | None = None  # row and column of a colon that emoji were asked for at
        self._left_at: tuple[int, int] | None = None  # of one whose picker the agent has left
        self.offers: ShortcutOffers | None = None
        """Of saved replies, once some were offered."""
        self._left_shortcut: tuple[int, int] | None = None  # row and column of one whose offers the agent has left
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
        if not (self._picker.move(-1) or self._moves_offers(-1)):
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if not (self._picker.move(1) or self._moves_offers(1)):
            super().action_cursor_down(select)

    # Saved replies.

    def _moves_offers(self, by: int) -> bool:
        return self.offers is not None and self.offers.move(by)

    def typed_shortcut(self) -> str | None:
        """The shortcut that ends at the cursor; None where none is being typed, or the agent has left it."""
        found = self._shortcut()
        if found is None:
            self._left_shortcut = None
        return None if found is None or found[0] == self._left_shortcut or not self.has_focus else found[1]

    def has_shortcut_beside_word(self) -> bool:
        from tui.model.saved_reply_search import is_beside_word

        row, column = self.cursor_location
        return self.has_focus and is_beside_word(self.document.get_line(row)[:column])

    def leave_shortcut(self) -> None:
        """Offer nothing for the shortcut that is being typed."""
        found = self._shortcut()
        self._left_shortcut = None if found is None else found[0]

    def _shortcut(self) -> tuple[tuple[int, int], str] | None:
        row, column = self.cursor_location
        line = self.document.get_line(row)[:column]
        if ";" not in line:
            return None
        from tui.model.saved_reply_search import typed_shortcut  # few texts have one

        found = typed_shortcut(line)
        return None if found is None else ((row, found[0]), found[1])

    def around_caret(self) -> tuple[str, str]:
        """The text before what is inserted next, and after it."""
        start, end = sorted((self.selection.start, self.selection.end))
        return self.text[: self._index(start)], self.text[self._index(end) :]

    def insert_filled(self, filled: Filled, *, takes_shortcut: bool = False) -> None:
        """Put a text in the place of the selection, or of the shortcut before the cursor, and select its first gap."""
        start, end = sorted((self.selection.start, self.selection.end))
        if takes_shortcut and (found := self._shortcut()) is not None:
            start, end = found[0], self.cursor_location
        from connector.wire.reply_fields import between

        at = self._index(start)
        filled = between(self.text[:at], filled, self.text[self._index(end) :])
        done = self.replace(filled.text, start, end, maintain_selection_offset=False)
        if filled.gaps:
            self._select(at + filled.gaps[0][0], at + filled.gaps[0][1])
        else:
            self.move_cursor(done.end_location)
        self.scroll_cursor_visible()

    def select_gap(self) -> bool:
        """Select the first field that has no value; False where there is none."""
        from connector.wire.reply_fields import gap_in

        gap = gap_in(self.text)
        if gap is not None:
            self._select(*gap)
            self.scroll_cursor_visible()
        return gap is not None

    def _select(self, start: int, end: int) -> None:
        self.selection = Selection(self._location(start), self._location(end))

    def _index(self, location: tuple[int, int]) -> int:
        """Where a row and column are in the text."""
        row, column = location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def _location(self, index: int) -> tuple[int, int]:
        before = self.text[:index]
        return before.count("\n"), index - before.rfind("\n") - 1

    def action_newline(self) -> None:
        self.insert("\n", maintain_selection_offset=False)
        self.scroll_cursor_visible()
