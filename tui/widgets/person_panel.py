"""The panel for the person of the shown conversation, beside it on wide terminals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connector.wire.joined_parts import join_parts
from connector.wire.views import MessageView
from tui.desk import DeskController
from tui.draw.copied import one_text
from tui.model.conversations import open_conversation
from tui.widgets.line_widget import StyledLine
from tui.widgets.selection import SelectableLines


class PersonPanel(SelectableLines):
    def __init__(self, desk: DeskController) -> None:
        super().__init__("person")
        self._desk = desk
        self._source: Sequence[MessageView] = ()
        self._joined: Sequence[MessageView] = ()
        self._drawn: list[StyledLine] = []

    def lines(self) -> Sequence[StyledLine]:
        model = self._desk.model
        view, shown = open_conversation(model), model.transcript
        if view is None or shown is None:
            return []
        from tui.draw.person import person_lines  # most terminals are too narrow for it

        if shown.messages is not self._source:
            self._source, self._joined = shown.messages, join_parts(shown.messages, self._joined)
        drawn = person_lines(model, view, self._joined, self._desk.now(), self.size.width)
        self._drawn = [StyledLine(one_text(line)) for line in drawn]
        return self.with_selection(self._drawn)

    def item_at(self, y: int) -> int:
        return y

    def texts_between(self, first: int, last: int) -> Iterable[tuple[int, str]]:
        for number, line in enumerate(self._drawn[first : last + 1], first):
            yield number, "".join(text for text, _ in line.spans).strip()
