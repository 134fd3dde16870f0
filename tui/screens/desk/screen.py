"""The main screen's actions on conversations, texts and pictures."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.screen import Screen

from connector.sms.segments import plain
from connector.sms.text import one_line
from connector.wire.views import ConversationView
from tui.actions import bulk, conversation, keys, people, undo, unsettled, writing
from tui.actions.conversation import Intent
from tui.actions.keys import Context
from tui.actions.tags import set_tags
from tui.core import files
from tui.core.workspace import Workspace
from tui.desk import DeskController
from tui.model.conversations import consumer_name, is_looked_up, is_new, open_conversation
from tui.model.marked import BulkRun
from tui.model.panes import is_split
from tui.model.state import Model, Sending
from tui.screens.desk.search import DeskSearchActions
from tui.terminal.external_editor import EditorFailed, ExternalEditor
from tui.widgets.bindings import DIGITS, bindings
from tui.widgets.conversation_pane import ROOM_FOR_TWO

_OF_MARKED: dict[str, Callable[[Model, ConversationView | None], Intent]] = {
    "close": bulk.close,
    "give_back": conversation.give_back,
    "mark_unread": conversation.mark_unread,
}


class DeskScreen(DeskSearchActions):
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Context.DESK),
        *DIGITS,
    ]

    def __init__(self, desk: DeskController, workspace: Workspace) -> None:
        super().__init__(desk)
        self._opened = workspace.opened
        self._editor = ExternalEditor(workspace.editing)

    def reasons(self) -> dict[str, str]:
        """Why actions cannot be done now, by their ids."""
        from tui.actions.reasons import reasons

        desk = self.desk
        found = reasons(desk.model, self.target, desk.listing, self.conversation_pane.text, desk.now())
        has_room = self.size.width >= ROOM_FOR_TWO or is_split(desk.model)
        return found if has_room else found | {"beside": self.no_room_for_two()}

    # Conversations.

    def action_request(self, action_id: str) -> None:
        """Carry out a row of the key table that is one request, for all marked conversations where there are any."""
        if self.desk.model.marks and (ask := _OF_MARKED.get(action_id)) is not None:
            self.desk.ask_of_marked(action_id, ask, keys.key_for(self.desk.model.keys, action_id, self.context))
            self.repaint()
            return
        view, shown = self.target, self.desk.model.transcript
        is_seen = self.is_wide or self.desk.model.is_entered
        is_loaded = shown is not None and shown.messages
        is_unsettled = view is not None and (view.unsent or is_looked_up(view))
        if action_id == "resend" and is_unsettled and not (is_seen and is_loaded):
            self.go_transcript()
            self.desk.say("This is what did not arrive. Press the key again to send it again.")
        else:
            self.desk.request(keys.BY_ID[action_id], view)
            if view is not None and not self.desk.model.is_entered and action_id == "mark_unread":
                self.go_list()
        self.repaint()

    def action_accept(self) -> None:
        view = self.target
        intent = conversation.accept(self.desk.model, view)
        if isinstance(intent, str):
            self.desk.say(intent, is_error=True)
        elif view is not None and self.desk.is_meant("accept", view):
            self.desk.ask(intent)
            self.show_conversation(view.id)
        self.repaint()

    def action_undo(self) -> None:
        self.store_draft()
        view = self.target
        intent = undo.undo(self.desk.model, self.desk.now())
        if isinstance(intent, BulkRun):
            self.desk.undo_bulk(intent, keys.key_for(self.desk.model.keys, "undo", self.context))
            self.repaint()
            return
        elsewhere = undo.undone_elsewhere(self.desk.model, intent, self.desk.now())
        if elsewhere is not None:
            is_meant = self.desk.is_confirmed(f"undo {elsewhere.conversation_id}", elsewhere.doubt)
        else:
            is_meant = isinstance(intent, str) or view is None or self.desk.is_meant("undo", view)
        if is_meant:
            self.desk.submit(intent)
        self.repaint()

    async def action_transfer(self) -> None:
        from tui.screens.dialogs.transfer import TransferDialog

        await self._ask(TransferDialog, conversation.transfer)

    async def action_give_back_with_note(self) -> None:
        from tui.screens.dialogs.conversation import GiveBackDialog

        await self._ask(GiveBackDialog, conversation.give_back)

    async def action_note(self) -> None:
        from tui.screens.dialogs.conversation import NoteDialog

        await self._show(NoteDialog, conversation.note)

    async def action_person(self) -> None:
        from tui.screens.dialogs.card import CardDialog

        await self._show(CardDialog, people.card)

    async def action_set_due(self) -> None:
        from tui.screens.dialogs.conversation import DueDialog

        await self._ask(DueDialog, conversation.set_due)

    async def action_snooze(self) -> None:
        from tui.screens.dialogs.conversation import SnoozeDialog

        await self._ask(SnoozeDialog, conversation.snooze)

    async def action_tags(self) -> None:
        from tui.screens.dialogs.tags import TagsDialog

        await self._ask(TagsDialog, set_tags)

    async def action_wrap_up(self) -> None:
        from tui.screens.dialogs.wrap_up import WrapUpDialog

        await self._ask(WrapUpDialog, bulk.close if self.desk.model.marks else conversation.close)

    async def action_explain(self) -> None:
        from tui.screens.pages import ExplanationPage, RefusalsPage

        if (run := self.desk.bulk_to_explain()) is not None:
            await self.app.push_screen(RefusalsPage(self.desk, run))
            return
        await self._show(ExplanationPage, conversation.explain)

    async def _ask(
        self,
        screen: Callable[[DeskController, Sequence[ConversationView]], Screen[Any]],
        request: Callable[[Model, ConversationView | None], Intent],
    ) -> None:
        """Show a dialog about all marked conversations where there are any, else about the shown one, unless its
        request would be refused."""
        if not self.desk.model.marks:
            await self._show(lambda desk, view: screen(desk, [view]), request)
        elif words := self.desk.why_not_begun(bulk.run_of(self.desk.model, "tags", self.desk.marked, request)):
            self.refuse(words)
        else:
            await self.app.push_screen(screen(self.desk, self.desk.marked))
            self.repaint()

    async def _show(
        self,
        screen: Callable[[DeskController, ConversationView], Screen[Any]],
        request: Callable[[Model, ConversationView | None], Intent],
    ) -> None:
        """Show a dialog or page about a conversation, unless its request would be refused."""
        view = self.target
        intent = request(self.desk.model, view)
        if isinstance(intent, str):
            self.refuse(intent)
        elif view is not None:
            if self.desk.is_meant(request.__name__, view):
                await self.app.push_screen(screen(self.desk, view))
            self.repaint()

    async def action_consent(self) -> None:
        from tui.screens.dialogs.consent import ConsentDialog

        if (view := self.target) is None or is_new(view.id):
            self.refuse("There is no conversation here.")
        else:
            if self.desk.is_meant("consent", view):
                await self.app.push_screen(ConsentDialog(self.desk, view))
            self.repaint()

    async def action_read_rest(self) -> None:
        from tui.screens.pages import OverflowPage

        intent = unsettled.read_rest(self.desk.model)
        if self.desk.submit(intent):
            await self.app.push_screen(OverflowPage(self.desk))
        self.repaint()

    async def action_unmask(self) -> None:
        from tui.screens.dialogs.unmask import UnmaskDialog

        if self.desk.may("unmask"):
            if (message := self.transcript.masked()) is not None:
                await self.app.push_screen(UnmaskDialog(self.desk, message))
                return
            self.desk.say("Nothing is masked here.", is_error=True)
        self.repaint()

    async def action_presence(self) -> None:
        from tui.screens.dialogs.presence import PresenceDialog

        await self.app.push_screen(PresenceDialog(self.desk))

    # Texts.

    def action_send(self) -> None:
        if (area := self.conversation_pane.area) is not None and area.insert_emoji():
            return
        self.store_draft()
        intent = writing.reply_or_accept(self.desk.model, self.conversation_pane.text)
        if isinstance(intent, Sending):
            if self.desk.is_sent_as_meant(intent, self.conversation_pane.typed_shortcut):
                intent = self.desk.overridden(intent)
                self.post_message(self.Send(self.desk.begin(intent), intent))
        elif intent == writing.NOT_SEEN and (view := self.target) is not None:
            # An agent who types ahead may have moved on to the next conversation.
            self.desk.say_not_sent(f"Not sent to {consumer_name(view)}. {intent}", view)
        elif isinstance(intent, str):
            self.desk.say(intent, is_error=True)
            if "{" in self.compose_area.text:
                self.compose_area.select_gap()
        else:
            self.desk.ask_once(intent)
        self.repaint()

    async def action_send_later(self) -> None:
        from tui.screens.dialogs.later import LaterDialog

        self.store_draft()
        text = self.conversation_pane.text
        if isinstance(intent := writing.later(self.desk.model, text), str):
            self.refuse(intent)
        elif (view := self.target) is not None:
            await self.app.push_screen(LaterDialog(self.desk, view, text))

    async def action_list_scheduled(self) -> None:
        from tui.screens.dialogs.dialog import if_answered
        from tui.screens.dialogs.later import ScheduledDialog

        dialog = ScheduledDialog(self.desk)
        await self.app.push_screen(dialog, if_answered(lambda answer: self.show_conversation(*answer.texts)))

    def action_other_draft(self) -> None:
        self.store_draft()
        self.desk.join_draft(self.target)
        self.repaint()

    def action_discard(self) -> None:
        self.store_draft()
        self.desk.discard_draft(self.target)
        self.repaint()

    def action_emoji(self) -> None:
        if self.conversation_pane.drafting is None:
            self.refuse("There is no reply to write here.")
            return
        self.set_focus(self.compose_area)
        self.compose_area.ask_emoji()

    def action_redo(self) -> None:
        self.compose_area.redo()

    def action_external_editor(self) -> None:
        self.store_draft()
        drafting = self.conversation_pane.drafting
        if drafting is None:
            self.refuse("There is no reply to write here.")
        else:
            self.run_worker(self._edit(drafting, self.conversation_pane.text))

    async def _edit(self, conversation_id: str, before: str) -> None:
        """The draft becomes what the agent's editor saves. Nothing is sent."""
        try:
            after = await self._editor.edit(self.app, before, os.environ)
        except EditorFailed as error:
            after = error.saved
            self.desk.say(str(error), is_error=True)
        self.store_draft()
        if after is not None:
            self.desk.take_edited(conversation_id, before, after)
        self.repaint()

    def action_plain_letters(self) -> None:
        text = plain(self.compose_area.text)
        if text == self.compose_area.text:
            self.refuse("There is no look-alike character to replace.")
        else:
            self.compose_area.replace_all(text)

    # Pictures.

    async def action_view_picture(self) -> None:
        """The last stored picture in sight, or else the last one loaded."""
        from tui.screens.picture import PictureScreen

        found = self.transcript.pictures()
        if not found:
            self.refuse("No message here has a picture that can be shown.")
            return
        views, start = found
        await self.app.push_screen(PictureScreen(self.desk, self._opened, views, start))

    async def action_attach(self) -> None:
        from tui.screens.dialogs.dialog import Dialog, Field, if_answered

        view = open_conversation(self.desk.model)
        if reason := writing.cannot_attach(self.desk.model, view):
            self.refuse(reason)
        elif view is not None:
            dialog = Dialog(
                f"A picture for the next reply to {one_line(consumer_name(view), 24)}",
                [Field("File or https address", example="~/photo.jpg")],
            )
            await self.app.push_screen(dialog, if_answered(lambda answer: self._attach_from(view.id, *answer.texts)))

    def _attach_from(self, conversation_id: str, where: str) -> None:
        where = where.strip()
        if where.startswith("https://"):
            self.desk.attach_address(conversation_id, where)
            self.repaint()
        else:
            self.run_worker(self._attach_file(conversation_id, where))

    async def _attach_file(self, conversation_id: str, where: str) -> None:
        try:
            name, data = await asyncio.to_thread(files.read_picture, where)
        except files.UnusableFile as error:
            self.refuse(str(error))
            return
        self.desk.attach(conversation_id, name, data)
        self.repaint()

    def action_detach(self) -> None:
        if (view := open_conversation(self.desk.model)) is not None:
            self.desk.detach(view.id)
        self.repaint()
