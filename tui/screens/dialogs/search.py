"""Base of a dialog in which typed words find the rows to choose from."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from tui.screens.dialogs.dialog import DialogFrame


class SearchDialog(DialogFrame):
    """Its parts have an input with the id `words`; the rows drawn are those that `words` finds."""

    _searched = ""  # the words that the cursor's row is of

    def on_mount(self) -> None:
        self.set_focus(self._input)

    @property
    def _input(self) -> Input:
        return self.query_one("#words", Input)

    @property
    def words(self) -> str:
        return self._input.value

    @on(Input.Changed, "#words")
    def search_again(self) -> None:
        self._searched = self.words
        self._choices.row = 0
        self.say("")
        self._choices.repaint()
        self.repaint()

    def row_among(self, count: int) -> int:
        """The chosen one of `count` rows found by what is written by now."""
        if self._searched != self.words:  # the last letters have not been searched for yet
            self.search_again()
        return min(self._choices.row, count - 1)
