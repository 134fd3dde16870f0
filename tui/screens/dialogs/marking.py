"""Dialog that marks all rows of a kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from connector.wire.views import ConversationView
from tui.desk import DeskController
from tui.model.conversations import open_conversation
from tui.screens.dialogs.dialog import Dialog, DialogAnswer


class _Kind(NamedTuple):
    words: str
    has: Callable[[ConversationView], bool]


class MarkDialog(Dialog):
    """Its choices are the kinds of rows that the list as it is shown has; the last takes all marks away."""

    def __init__(self, desk: DeskController) -> None:
        self._desk = desk
        self._rows = desk.rows_to_mark()
        shown = open_conversation(desk.model)
        kinds = [
            _Kind("overdue", lambda view: view.due_told == "overdue"),
            _Kind("waiting for an answer", lambda view: view.waiting_since is not None),
            _Kind("answered", lambda view: view.waiting_since is None and view.state == "assigned"),
            *([] if shown is None else [_Kind(f"of the skill {shown.skill}", lambda view: view.skill == shown.skill)]),
            _Kind("all that the list shows", lambda view: True),
        ]
        found = [(kind, [view.id for view in self._rows if kind.has(view)]) for kind in kinds]
        self._found = [(kind, ids) for kind, ids in found if ids]
        offered = [f"{kind.words}: {len(ids):,}" for kind, ids in self._found]
        super().__init__("Mark rows of this list", choices=[*offered, f"no marks any more: {len(desk.model.marks):,}"])

    def confirmed(self, answer: DialogAnswer) -> None:
        if answer.choice < len(self._found):
            self._desk.mark_rows(self._found[answer.choice][1])
        else:
            self._desk.drop_marks()
        self.dismiss(answer)
