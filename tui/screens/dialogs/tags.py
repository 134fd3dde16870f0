"""Dialog for tags: type some, with those used of late to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import tags
from tui.actions.tags import TagChange, TagChoice
from tui.desk import DeskController
from tui.draw.format import Line, Span
from tui.screens.dialogs.dialog import Choices, Field, labelled
from tui.screens.dialogs.search import SearchDialog
from tui.screens.dialogs.several import about, carry_out
from tui.widgets.bar import Bar


class TagsDialog(SearchDialog):
    """Enter takes the row of the cursor for the word that is typed; without one only once the cursor has moved."""

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        super().__init__(f"Tags of {about(views)}", Choices(self._rows))
        self._desk = desk
        self._views = views
        self._moved_at: str | None = None  # the words as the cursor was moved

    def parts(self) -> ComposeResult:
        yield from labelled(Field("Tags to add; -tag takes one away", example="refund -late"), "words")
        yield self._choices
        yield Bar(self._summary, "summary")

    def on_mount(self) -> None:
        self._desk.ask_once(requests.GetTags())

    @property
    def _current(self) -> list[ConversationView]:
        return [self._desk.current(view) for view in self._views]

    @property
    def _found(self) -> list[TagChoice]:
        return tags.choices(self._current, self._desk.model.fetched.tags, self.words)

    @property
    def _change(self) -> TagChange:
        found = self._found
        is_typing = bool(self.words) and not self.words[-1].isspace()
        takes_row = bool(found) and (is_typing or self._moved_at == self.words)
        return tags.change(self.words, found[self.row_among(len(found))] if takes_row else None, len(self._views))

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        return [self._row(one, width) for one in self._found] or [[("No tag yet: type one.", "muted")]]

    def _row(self, one: TagChoice, width: int) -> Line:
        total = len(self._views)
        sign = ("✓ ", "good") if one.on == total else ("· ", "muted") if one.on else ("  ", "")
        aside = f"  on {one.on:,} of {total:,}" if 0 < one.on < total else "" if one.is_known else "  a new tag"
        return [sign, (one_line(f"#{one.tag}", width - 16), "strong"), (aside, "muted")]

    def _summary(self, width: int) -> list[Line]:
        return [[(one_line(f"  enter {tags.in_words(self._change)}", width), "muted")]] if any(self._change) else [[]]

    def action_up(self) -> None:
        self._moved_at = self.words
        super().action_up()
        self.repaint()

    def action_down(self) -> None:
        # The first press leads to the first row where none was taken for granted.
        is_first = self._moved_at != self.words and not self.words.strip()
        self._moved_at = self.words
        if not is_first:
            super().action_down()
        self.repaint()

    def repaint(self) -> None:
        """The core has answered, or other words are typed."""
        for part in (self._choices, *self.query(Bar)):
            part.repaint()

    def action_confirm(self) -> None:
        asked = self._change
        if not any(asked):
            self.say("Type a tag, or choose one with the cursor.")
        elif words := carry_out(self._desk, "tags", self._views, lambda model, view: tags.set_tags(model, view, asked)):
            self.say(words)
        else:
            self.dismiss(None)
