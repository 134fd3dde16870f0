"""The desk's main screen: the list of conversations, and the open one with its compose pane.

How it is laid out and follows the model is in `desk_frame`; the actions are in `desk_moves` (where an agent goes),
`desk_deeds` and `desk_handling` (what an agent does to a conversation) and `desk_pictures`. The two sides are widgets:
`list_side` with the filter, `talk_side` with transcript, meter and draft.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.actions.keys import Context
from tui.screens.desk_deeds import ReplyActions
from tui.screens.desk_handling import ConversationActions
from tui.screens.desk_pictures import PictureActions
from tui.widgets.bound import bindings


class DeskScreen(ReplyActions, ConversationActions, PictureActions):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.DESK)]

    def look(self) -> None:
        super().look()
        # What has just been closed here and goes into wrap-up asks how it went, unless somebody is writing elsewhere.
        is_free = self.is_ready and self.is_active and self.focused in (self.list_view, self.transcript, None)
        if is_free and (view := self.desk.take_due_wrap_up()) is not None:
            self.ask_how_it_went(view)
