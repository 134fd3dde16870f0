"""Saved replies on the main screen: found, put into the draft, and changed."""

from __future__ import annotations

from connector.wire.saved_replies import SavedReplyView
from tui.screens.desk.navigation import DeskNavigation


class DeskSavedReplies(DeskNavigation):
    async def action_saved_reply(self) -> None:
        """The finder opens above the draft of the shown conversation, which is opened where it is not."""
        view = self.target
        if view is None:
            self.refuse("There is no conversation here to write in.")
            return
        if not self.conversation_pane.is_in_area(self.focused):
            self.enter(view)
        self.store_draft()
        if self.conversation_pane.drafting is None:
            self.refuse("There is no reply to write here.")
            return
        await self.conversation_pane.open_finder()
        self.repaint()

    def action_insert_reply(self) -> None:
        finder = self.conversation_pane.finder
        chosen = finder.chosen if finder is not None and finder.display else None
        if chosen is None:
            self.refuse("There is no saved reply under the cursor.")
            return
        self.leave_finder()
        self._insert(chosen)

    def insert_offered(self) -> bool:
        """Put a saved reply in: the one under the finder's cursor, or the one offered for the shortcut that is being
        typed. False: there is none."""
        if self.conversation_pane.is_in_finder(self.focused):
            self.action_insert_reply()
            return True
        pane = self.conversation_pane
        offered = pane.offered
        if offered is not None:
            self._insert(offered, takes_shortcut=True)
        elif (typed := pane.typed_shortcut) is not None:
            self._refuse_shortcut(typed)
        elif pane.is_writing and pane.area is not None and pane.area.has_shortcut_beside_word():
            self.refuse("A shortcut is not read next to a word: put a blank before the ;.")
        else:
            return False
        return True

    def _refuse_shortcut(self, typed: str) -> None:
        """The focus stays: what is typed next is meant as text."""
        from tui.model import saved_replies

        if saved_replies.is_loading(self.desk.model):
            self.desk.say("Saved replies are still loading: press tab again in a moment.")
            self.repaint()
        else:
            self.refuse(f"No saved reply that is offered here has a shortcut ;{typed}.")

    def action_reply_of_key(self, slot: int) -> None:
        """A key of the agent's own for one saved reply."""
        from tui.model import saved_replies
        from tui.model.saved_reply_search import with_shortcut

        shortcut = [*self.desk.model.keys.replies][slot]
        self.desk.want_saved_replies()
        view, known = self.target, saved_replies.known(self.desk.model).values()
        found = [
            one for one in with_shortcut(known, shortcut, view.skill if view else "", 1) if one.shortcut == shortcut
        ]
        if found:
            self._insert(found[0])
        elif saved_replies.is_loading(self.desk.model):
            self.refuse("Saved replies are still loading: press the key again in a moment.")
        else:
            self.refuse(f"No saved reply that is offered here has the shortcut {shortcut}.")

    def _insert(self, reply: SavedReplyView, *, takes_shortcut: bool = False) -> None:
        """Its text goes to the caret, filled for this consumer; what it does is done as the draft is sent."""
        from tui.widgets.reply_finder import filled_in

        drafting = self.conversation_pane.drafting
        if drafting is None:
            return
        filled = filled_in(self.desk, reply)
        self.compose_area.insert_filled(filled, takes_shortcut=takes_shortcut)
        self.conversation_pane.close_offers()
        self.store_draft()
        self.desk.use_saved_reply(drafting, reply)
        if filled.gaps:
            start, end = filled.gaps[0]
            self.desk.say(f"{filled.text[start:end]} has no value here: write what belongs there.")
        self.repaint()

    async def action_change_reply(self) -> None:
        """The one under the finder's cursor; the finder stays."""
        from tui.model.saved_replies import cannot_change
        from tui.screens.dialogs.saved_reply import SavedReplyDialog

        finder = self.conversation_pane.finder
        chosen = finder.chosen if finder is not None and finder.display else None
        if chosen is None:
            self.refuse("There is no saved reply under the cursor.")
        elif (reason := cannot_change(self.desk.model, chosen)) is not None:
            self.refuse(reason)
        else:
            await self.app.push_screen(SavedReplyDialog(self.desk, chosen))

    async def action_save_reply(self) -> None:
        """What is written, or nothing yet, as the text of a new saved reply."""
        from connector.wire.reply_fields import escaped
        from tui.screens.dialogs.saved_reply import SavedReplyDialog

        await self.app.push_screen(SavedReplyDialog(self.desk, text=escaped(self.conversation_pane.text)))

    async def action_go_replies(self) -> None:
        from tui.screens.replies_page import RepliesPage

        await self.app.push_screen(RepliesPage(self.desk))
