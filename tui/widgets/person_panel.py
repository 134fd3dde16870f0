"""The panel for the person of the shown conversation, beside it on wide terminals."""

from __future__ import annotations

from collections.abc import Sequence

from connector.wire.joined_parts import join_parts
from connector.wire.views import MessageView
from tui.desk import DeskController
from tui.draw.person import person_lines
from tui.model.conversations import open_conversation
from tui.widgets.line_widget import LineWidget, StyledLine


class PersonPanel(LineWidget):
    def __init__(self, desk: DeskController) -> None:
        super().__init__("person")
        self._desk = desk
        self._source: Sequence[MessageView] = ()
        self._joined: Sequence[MessageView] = ()

    def lines(self) -> Sequence[StyledLine]:
        model = self._desk.model
        view, shown = open_conversation(model), model.transcript
        if view is None or shown is None:
            return []
        if shown.messages is not self._source:
            self._source, self._joined = shown.messages, join_parts(shown.messages, self._joined)
        drawn = person_lines(model, view, self._joined, self._desk.now(), self.size.width)
        return [StyledLine(line) for line in drawn]
