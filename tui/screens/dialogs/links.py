"""Dialog with the links, addresses and numbers of a transcript, one of which is copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.draw.format import Span
from tui.draw.links import ListedLink, link_rows, matching
from tui.screens.dialogs.dialog import Choices, DialogAnswer, DialogFrame, Field, labelled


class LinksDialog(DialogFrame):
    """Its answer has what is to be copied as its only text."""

    def __init__(self, listed: Sequence[ListedLink]) -> None:
        super().__init__("Copy a link or number", Choices(self._rows))
        self._listed = listed
        self._searched = ""  # what the rows were found by

    def parts(self) -> ComposeResult:
        yield from labelled(Field("Its number, or a part of it", example="2"), "words")
        yield self._choices

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#words", Input))

    @property
    def _found(self) -> Sequence[ListedLink]:
        return matching(self._listed, self.query_one("#words", Input).value)

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        return link_rows(self._found, width)

    @on(Input.Changed, "#words")
    def search_again(self) -> None:
        self._searched = self.query_one("#words", Input).value
        self._choices.row = 0
        self.say("")
        self._choices.repaint()

    def action_confirm(self) -> None:
        if self._searched != self.query_one("#words", Input).value:  # the last letters have not been searched for yet
            self.search_again()
        if found := self._found:
            row = min(self._choices.row, len(found) - 1)
            self.dismiss(DialogAnswer(0, [found[row].link.target]))
        else:
            self.say("No link or number here has these characters.")
