"""Dialog with the links, addresses and numbers of a transcript, one of which is copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tui.draw.format import Span
from tui.draw.links import ListedLink, link_rows, matching
from tui.screens.dialogs.dialog import Choices, DialogAnswer, Field, labelled
from tui.screens.dialogs.search import SearchDialog


class LinksDialog(SearchDialog):
    """Its answer has what is to be copied as its only text."""

    def __init__(self, listed: Sequence[ListedLink]) -> None:
        super().__init__("Copy a link or number", Choices(self._rows))
        self._listed = listed

    def parts(self) -> ComposeResult:
        yield from labelled(Field("Its number, or a part of it", example="2"), "words")
        yield self._choices

    @property
    def _found(self) -> Sequence[ListedLink]:
        return matching(self._listed, self.words)

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        return link_rows(self._found, width)

    def action_confirm(self) -> None:
        if found := self._found:
            self.dismiss(DialogAnswer(0, [found[self.row_among(len(found))].link.target]))
        else:
            self.say("No link or number here has these characters.")
