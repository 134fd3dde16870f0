"""Where an agent goes on the main screen: into a conversation and back, to another list, through a filter."""

from __future__ import annotations

from textual import on

from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.keys import Context
from tui.model import panes
from tui.model.attention import Place
from tui.model.conversations import consumer_name, is_mine, open_conversation
from tui.model.listing import Scope, sort_key
from tui.screens.desk.layout import DeskLayout
from tui.widgets.conversation_list import ConversationList
from tui.widgets.conversation_pane import ROOM_FOR_TWO


class DeskNavigation(DeskLayout):
    def show_conversation(self, conversation_id: str, *, is_led: bool = False) -> None:
        """Open it. Whatever its state, the agent is in its compose pane: what is typed next is text."""
        self.store_draft()
        self.desk.open(conversation_id, is_led=is_led)
        self.go_to_conversation()

    def go_to_conversation(self) -> None:
        self.add_class("-conversation")
        self.repaint()
        self.set_focus(self.compose_area)

    def action_digit(self, digit: str) -> None:
        """A count begins or goes on."""
        self.desk.add_digit(digit)
        self.foot.repaint()

    def back(self) -> None:
        is_in_area = self.conversation_pane.is_in_area(self.focused)
        if self.selections and not is_in_area:
            self.clear_selection()
        elif self.conversation_pane.is_in_finder(self.focused):
            self.leave_finder()
        elif self.desk.model.marks and not is_in_area and not self.list_pane.is_filter(self.focused):
            self.desk.drop_marks()
            self.repaint()
        elif is_in_area:
            if self.compose_area.leave_emoji() or self.conversation_pane.close_offers():
                self.repaint()
            else:
                self.set_focus(self.transcript)
        elif self.list_pane.is_filter(self.focused) or (
            self.focused is self.conversation_list and self.desk.listing.filter
        ):
            self.list_pane.clear_filter()
            self.repaint()
        elif self.desk.came_from_search:
            self.run_worker(self.action_search())
        elif self.focused is self.conversation_list and (colleague := self.desk.listing.colleague) is not None:
            self.call_later(self._leave_colleague, colleague)
        else:
            self.go_list()

    def leave_finder(self) -> None:
        """Back to the draft, which is as it was."""
        self.conversation_pane.close_finder()
        self.set_focus(self.compose_area)
        self.repaint()

    async def action_search(self) -> None:
        """Show the page of the search, as it was."""
        raise NotImplementedError

    def go_list(self) -> None:
        self.store_draft()
        self.desk.leave()
        self.remove_class("-conversation")
        self.set_focus(self.conversation_list)
        self.repaint()

    def go_transcript(self) -> None:
        if (view := open_conversation(self.desk.model)) is None:
            self.refuse("There is no conversation here.")
            return
        self.enter(view)
        self.set_focus(self.transcript)

    def enter(self, view: ConversationView) -> None:
        """The shown conversation is opened."""
        if not self.desk.model.is_entered:
            self.desk.open(view.id)
        self.add_class("-conversation")
        self.repaint()

    def on_descendant_focus(self) -> None:
        """A click or tab leads into a pane as its keys do."""
        clicked = next((pane for pane in self.panes if pane.holds(self.focused)), None)
        if clicked is not None and not clicked.is_active:
            self.store_draft()
            self.desk.switch_pane()
        for pane in self.panes:
            if pane.is_finding and not pane.is_in_finder(self.focused):
                pane.close_finder()
        view = open_conversation(self.desk.model)
        is_inside = self.conversation_pane.holds(self.focused)
        if is_inside and view is not None and not self.desk.model.is_entered:
            self.enter(view)
        elif not is_inside and self.focused is not None and self.desk.model.is_entered:
            self.desk.leave()
            self.repaint()

    @on(ConversationList.Chosen)
    def action_open(self) -> None:
        if self.list_pane.is_looking:
            self.refuse("The filter has found nothing yet.")
        elif (view := open_conversation(self.desk.model)) is not None:
            if self.desk.listing.colleague is not None and not is_mine(self.desk.model, view):
                self.go_transcript()  # it is looked at
            else:
                self.show_conversation(view.id)

    def action_write(self) -> None:
        view = open_conversation(self.desk.model)
        if view is None:
            self.refuse("There is no conversation here.")
        else:
            self.enter(view)
            self.set_focus(self.compose_area)

    def show_colleague(self, agent: str) -> None:
        """What an agent has, in that agent's order. Nothing of it is marked as read."""
        self.go_list()
        self.desk.listing.look_at(agent, self.desk.model.conversations.by_id)
        self.list_pane.show_list(Scope.COLLEAGUE)
        self.list_pane.rows.go_to_top()
        self.repaint()

    async def show_board(self, agent: str | None = None) -> None:
        """The board, with its cursor on an agent; one who is chosen there has their list shown."""
        from tui.screens.team_page import TeamPage

        def chosen(one: str | None) -> None:
            if one is not None:
                self.show_colleague(one)

        await self.app.push_screen(TeamPage(self.desk, agent), chosen)

    async def _leave_colleague(self, agent: str) -> None:
        """Back to the board; the lists are the agent's own again."""
        self.list_pane.show_list(Scope.MINE)
        self.list_pane.rows.go_back_to_row()
        self.repaint()
        await self.show_board(agent)

    def action_next_need(self) -> None:
        self._go_to_need(self.desk.next_need)

    def action_previous_need(self) -> None:
        self._go_to_need(self.desk.need_before)

    def _go_to_need(self, found: Place | None) -> None:
        desk = self.desk
        if found is None and not self.compose_area.has_focus:
            found = desk.listing.need_place(open_conversation(desk.model))  # there is no other, and its text was left
        if found is None:
            desk.say("Nothing else needs you now." if desk.listing.needs else "Nothing needs you now.")
            self.repaint()
            return
        view = desk.model.conversations.by_id[found.id]
        self._show_list_of(view)
        if found.id in desk.model.compose.drafts and desk.model.notices.current is None:
            desk.say(f"You have a draft to {consumer_name(view)}: what you write goes on with it.")
        self.show_conversation(found.id, is_led=True)

    def _show_list_of(self, view: ConversationView) -> None:
        """Where the list as it is shown does not have it, one that does."""
        if self.desk.listing.row_of(view) is None:
            me = self.desk.model.agents.me
            scopes = (scope for scope in Scope if sort_key(scope, view, me.id if me else None) is not None)
            self.list_pane.show_list(next(scopes, Scope.ALL))

    def show_found(self, conversation_id: str) -> None:
        """Open a conversation that was found on a page."""
        if (view := self.desk.model.conversations.by_id.get(conversation_id)) is None:
            self.refuse("You no longer see this conversation.")
            return
        self._show_list_of(view)
        self.show_conversation(conversation_id)

    def action_acknowledge(self) -> None:
        self.desk.acknowledge(key=keys.key_for(self.desk.model.keys, "acknowledge", self.context))
        self.repaint()

    async def action_beside(self) -> None:
        """Two conversations, or one again."""
        self.store_draft()
        here = open_conversation(self.desk.model)
        if panes.is_split(self.desk.model):
            self.desk.unsplit()
        elif self.size.width < ROOM_FOR_TWO:
            self.refuse(self.no_room_for_two())
        elif here is None:
            self.refuse("There is no conversation here.")
        else:
            await self.add_pane()
            self._show_beside(here.id)
        self.repaint()

    def no_room_for_two(self) -> str:
        return f"Two conversations need {ROOM_FOR_TWO} columns; this terminal has {self.size.width}."

    @property
    def _is_in_list(self) -> bool:
        return self.context in (Context.LIST, Context.FILTER)

    def _show_beside(self, here: str) -> None:
        """What needs the agent next, for one who is in a conversation; else the next row of the list."""
        need = None if self._is_in_list else self.desk.next_need
        beside = need.id if need is not None and need.id != here else self._next_row(here)
        if beside is None:
            self.refuse("There is no other conversation to show beside this one.")
            return
        was_in_list = self._is_in_list
        self.desk.split()
        if was_in_list:
            self.desk.preview(beside)
        elif need is not None and need.id == beside:
            self._go_to_need(need)
        else:
            self.show_conversation(beside)

    def _next_row(self, here: str) -> str | None:
        """The row below the cursor's, else the one above it."""
        listing, row = self.desk.listing, self.desk.row
        around = (listing.at(near) for near in (row + 1, row - 1, row) if 0 <= near < len(listing))
        return next((one for one in around if one != here), None)

    def action_other_pane(self) -> None:
        if not panes.is_split(self.desk.model):
            key = keys.key_for(self.desk.model.keys, "beside", self.context)
            self.refuse(f"There is one conversation: {key} opens another one beside it.")
            return
        was_writing = self.context is Context.COMPOSE
        self.store_draft()
        self.desk.switch_pane()
        view = open_conversation(self.desk.model)
        if view is not None and not self._is_in_list:
            self.enter(view)
            self.set_focus(self.compose_area if was_writing else self.transcript)
        self.repaint()

    def action_next_list(self) -> None:
        self._show_neighbour(1)

    def action_previous_list(self) -> None:
        self._show_neighbour(-1)

    def _show_neighbour(self, by: int) -> None:
        scopes = self.desk.listing.scopes
        self._show_scope(scopes[(scopes.index(self.desk.listing.scope) + by) % len(scopes)])

    def action_scope_mine(self) -> None:
        self._show_scope(Scope.MINE)

    def action_scope_queue(self) -> None:
        self._show_scope(Scope.QUEUE)

    def action_scope_all(self) -> None:
        self._show_scope(Scope.ALL)

    def action_scope_snoozed(self) -> None:
        self._show_scope(Scope.SNOOZED)

    def _show_scope(self, scope: Scope) -> None:
        self.list_pane.show_scope(scope)
        self.go_list()
        self.repaint()

    def on_conversation_list_marked(self) -> None:
        for part in (self.status, self.conversation_list, self.foot):
            part.repaint()

    def action_mark(self) -> None:
        """From the palette; in the list its key is the list's own."""
        self.conversation_list.action_mark()

    def action_mark_range(self) -> None:
        self.conversation_list.action_mark_range()

    async def action_mark_kind(self) -> None:
        from tui.screens.dialogs.marking import MarkDialog

        if not len(self.desk.listing):
            self.refuse("There is no row here to mark.")
        else:
            await self.app.push_screen(MarkDialog(self.desk), lambda _: self.repaint())

    def action_filter(self) -> None:
        self.go_list()
        self.list_pane.open_filter()

    def action_apply_filter(self) -> None:
        if (words := self.list_pane.apply_filter()) is not None:
            self.desk.say(words, is_error=True)
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
