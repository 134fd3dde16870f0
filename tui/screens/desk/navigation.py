"""Where an agent goes on the main screen: into a conversation and back, to another list, through a filter."""

from __future__ import annotations

from textual import on

from tui.actions import reading, writing
from tui.model.conversations import open_conversation
from tui.model.listing import Scope
from tui.screens.desk.layout import DeskLayout
from tui.widgets.conversation_list import ConversationList


class DeskNavigation(DeskLayout):
    def show_conversation(self, conversation_id: str) -> None:
        """Open it, and focus where the next key belongs."""
        self.store_draft()
        self.desk.open(conversation_id)
        self.go_to_conversation()

    def go_to_conversation(self) -> None:
        """Focus the open conversation: its compose pane, or where there is none its transcript."""
        self.accepting = None
        self.add_class("-conversation")
        self.repaint()
        self.set_focus(self.compose_area if self.compose_area.display else self.transcript)

    def back(self) -> None:
        if self.focused is self.compose_area:
            if not self.compose_area.leave_emoji():
                self.set_focus(self.transcript)
        elif self.focused is self.list_pane.filter_input or (
            self.focused is self.conversation_list and self.desk.listing.filter
        ):
            self.list_pane.clear_filter()
            self.repaint()
        else:
            self.go_list()

    def go_list(self) -> None:
        self.accepting = None
        self.remove_class("-conversation")
        self.set_focus(self.conversation_list)

    def go_transcript(self) -> None:
        if open_conversation(self.desk.model) is None:
            self.refuse("Open a conversation first.")
            return
        self.add_class("-conversation")
        self.set_focus(self.transcript)

    @on(ConversationList.Chosen)
    def action_open(self) -> None:
        if (view := self.conversation_list.current) is not None:
            self.show_conversation(view.id)

    def action_write(self) -> None:
        view = open_conversation(self.desk.model)
        if view is None:
            self.refuse("Open a conversation first.")
        elif reason := writing.cannot_write(self.desk.model, view):
            self.refuse(reason)
        else:
            self.add_class("-conversation")
            self.set_focus(self.compose_area)

    def action_next_waiting(self) -> None:
        found = reading.next_waiting(self.desk.model, self.desk.listing)
        if found is None:
            self.desk.say("No other conversation waits for an answer.")
            self.repaint()
            return
        scope, conversation_id = found
        if self.desk.listing.scope is not scope or self.desk.listing.filter:
            self._show_scope(scope)
        self.conversation_list.move_cursor_to(conversation_id)
        self.show_conversation(conversation_id)

    def action_scope_mine(self) -> None:
        self._show_scope(Scope.MINE)

    def action_scope_queue(self) -> None:
        self._show_scope(Scope.QUEUE)

    def action_scope_all(self) -> None:
        self._show_scope(Scope.ALL)

    def _show_scope(self, scope: Scope) -> None:
        self.list_pane.show_scope(scope)
        self.go_list()
        self.repaint()

    def action_filter(self) -> None:
        self.go_list()
        self.list_pane.open_filter()

    def action_apply_filter(self) -> None:
        self.list_pane.apply_filter()
        self.repaint()

    def action_toggle_parts(self) -> None:
        self.transcript.toggle_parts()
        how = "as one text" if self.transcript.joins_parts else "one by one, as they came in"
        self.desk.say(f"Segments are shown {how}.")
        self.repaint()

    def action_half_up(self) -> None:
        self.transcript.action_half_up()

    def action_half_down(self) -> None:
        self.transcript.action_half_down()
