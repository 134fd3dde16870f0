"""The page of saved replies: one's own and those that are shared, to add, change and remove some."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from connector.wire.saved_replies import RemoveSavedReply, SavedReplyView
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw.saved_replies import reply_entries
from tui.model import saved_replies
from tui.model.saved_reply_search import ReplySearch, listed
from tui.screens.dialogs.saved_reply import SavedReplyDialog
from tui.screens.provider_pages import ListPage
from tui.widgets.bindings import bindings
from tui.widgets.entry_list import Entry, EntryList
from tui.widgets.filter_input import FilterInput


class RepliesPage(ListPage):
    TITLE_WORDS = "Saved replies"
    CONTEXT = Context.REPLIES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Context.REPLIES)]

    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self._filter = FilterInput("words of their titles, shortcuts, categories and texts")
        self._search = ReplySearch()

    def compose(self) -> ComposeResult:
        title, *rest = super().compose()
        yield title
        yield self._filter
        yield from rest

    def on_mount(self) -> None:
        self.desk.want_saved_replies()
        self.set_focus(self.query_one(EntryList))

    def entries(self, current: Hashable | None, width: int, height: int) -> Sequence[Entry]:
        model = self.desk.model
        known, words = saved_replies.known(model), self._filter.value
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

    # The filter, as on the help page.

    def action_filter(self) -> None:
        self._filter.display = True
        self.set_focus(self._filter)

    def action_apply_filter(self) -> None:
        self._filter.display = bool(self._filter.value.strip())
        self.set_focus(self.query_one(EntryList))

    @on(Input.Changed, "#filter")
    def filter_typed(self) -> None:
        self.query_one(EntryList).repaint()

    def back(self) -> None:
        """The filter goes first."""
        if not self._filter.display:
            super().back()
        else:
            self._filter.value = ""
            self.action_apply_filter()
