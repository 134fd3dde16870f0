"""The page of saved replies: one's own and those that are shared, to add, change and remove some."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.binding import BindingType

from connector.wire.saved_replies import RemoveSavedReply, SavedReplyView
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.saved_replies import reply_entries
from tui.model import saved_replies
from tui.model.saved_reply_search import ReplySearch, listed
from tui.screens.dialogs.saved_reply import SavedReplyDialog
from tui.screens.filtered_page import FilteredPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry


class RepliesPage(FilteredPage):
    TITLE_WORDS = "Saved replies"
    CONTEXT = Context.REPLIES
    FILTER_WORDS = "words of their titles, shortcuts, categories and texts"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.REPLIES)]

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self._search = ReplySearch()

    def on_mount(self) -> None:
        self.desk.want_saved_replies()

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        model = self.desk.model
        known, words = saved_replies.known(model), self.filter.value
        found = (
            [one.reply for one in self._search.found(known, words, None, self.desk.now())] if words else listed(known)
        )
        nothing = model.saved_replies.refusal
        if not nothing:
            is_loading = saved_replies.is_loading(model)
            nothing = "loading…" if is_loading else "None has these words." if words else "There are none yet."
        return reply_entries(found, nothing, width)

    @property
    def chosen(self) -> SavedReplyView | None:
        return saved_replies.known(self.desk.model).get(str(self.current))

    def _refuse(self, words: str) -> None:
        self.desk.say(words, is_error=True)
        self.repaint()

    async def action_add_reply(self) -> None:
        await self.app.push_screen(SavedReplyDialog(self.desk))

    async def action_change_reply(self) -> None:
        if (one := self.chosen) is None:
            self._refuse("There is no saved reply here to change.")
        elif (reason := saved_replies.cannot_change(self.desk.model, one)) is not None:
            self._refuse(reason)
        else:
            await self.app.push_screen(SavedReplyDialog(self.desk, one))

    def action_remove_reply(self) -> None:
        one = self.chosen
        if one is None:
            self._refuse("There is no saved reply here to remove.")
        elif (reason := saved_replies.cannot_change(self.desk.model, one)) is not None:
            self._refuse(reason)
        elif self.desk.is_confirmed(f"remove {one.id}", f"Press the key again to remove “{one.title}” for good."):
            self.desk.ask(RemoveSavedReply(one.id, one.version))
        self.repaint()
