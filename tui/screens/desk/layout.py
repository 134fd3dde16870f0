"""The layout of the main screen, and how it follows the model.

Below 100 columns one of its two panes is shown at a time; from there on both, beside each other.
"""

from __future__ import annotations

from asyncio import TimerHandle
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message

from connector.wire.views import ConversationView
from tui.actions import keys
from tui.actions.desk_footer import (
    count_footer,
    desk_footer,
    emoji_keys,
    finder_keys,
    marks_footer,
    shortcut_keys,
)
from tui.actions.keys import Context
from tui.core.timers import once
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Line
from tui.model.conversations import open_conversation
from tui.model.panes import is_split
from tui.model.state import Sending
from tui.screens.repainted import Repainted
from tui.terminal.laid_out_once import LaidOutOnce
from tui.terminal.sized_screen import NARROW_OR_WIDE, SizedScreen
from tui.widgets.bar import Bar
from tui.widgets.conversation_list import ConversationList
from tui.widgets.conversation_pane import ROOM_FOR_TWO, TALL, ConversationPane
from tui.widgets.list_pane import ListPane
from tui.widgets.person_panel import PersonPanel
from tui.widgets.transcript import TranscriptView

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from tui.widgets.compose import ComposeArea

_ROOM_FOR_PERSON, _ROOM_FOR_ALL = 150, 200  # columns; the latter with two conversations
_ROWS_S = 0.005  # in which the first rows are drawn
_REST_S = 0.06  # a cursor that has not moved for so long rests
_PREVIEW_S = 0.2  # so long the pane before stays while the messages are awaited


class DeskLayout(SizedScreen, LaidOutOnce):
    HORIZONTAL_BREAKPOINTS = NARROW_OR_WIDE
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = ""

    class Send(Message):
        """The agent sends a text; it is shown as pending already."""

        def __init__(self, request_id: str, body: Sending) -> None:
            super().__init__()
            self.request_id = request_id
            self.body = body

    class Copy(Message):
        """Something is to be copied; `what`: in words what it is."""

        def __init__(self, text: str, what: str) -> None:
            super().__init__()
            self.text = text
            self.what = what

    class Ready(Message):
        """All parts are on the screen."""

    def __init__(self, desk: DeskController) -> None:
        super().__init__()
        self.desk = desk
        self.is_ready = False
        self._was_shown = False
        self._will_repaint = False  # in the size that it has now
        self._at_rest: TimerHandle | None = None  # runs while the cursor may move on
        self._has_rows = False  # the first rows have been drawn
        self._is_moving = False  # the list's cursor, from one conversation to another
        self.status = Bar(self._status, "status")
        self.list_pane = ListPane(desk)
        self.panes: tuple[ConversationPane, ...] = (ConversationPane(desk, 0),)
        self.person_panel = PersonPanel(desk)
        self.foot = Bar(self._foot, "foot")

    def compose(self) -> ComposeResult:
        self.take_size_classes()
        yield self.status
        with Horizontal(id="body"):
            yield self.list_pane
            yield from self.panes
            yield self.person_panel
        yield self.foot

    def on_mount(self) -> None:
        self._arrange()
        self.set_focus(self.conversation_list)
        self.is_ready = True
        self.post_message(self.Ready())

    async def add_pane(self) -> None:
        """The second pane, which costs a start too much to be made before it is asked for."""
        if len(self.panes) == 1:
            pane = ConversationPane(self.desk, 1)
            pane.add_class("-away")
            await self.query_one("#body").mount(pane, after=self.panes[0])
            self.panes = (*self.panes, pane)

    @property
    def conversation_list(self) -> ConversationList:
        return self.list_pane.rows

    @property
    def conversation_pane(self) -> ConversationPane:
        """The active one."""
        return self.panes[self.desk.model.panes.active]

    @property
    def transcript(self) -> TranscriptView:
        return self.conversation_pane.transcript

    @property
    def compose_area(self) -> ComposeArea:
        """Of the active pane; made if it is not there yet."""
        return self.conversation_pane.make_area()

    def _status(self, width: int) -> list[Line]:
        desk = self.desk
        return [bars.status_bar(desk.model, desk.listing, width)]

    def _foot(self, width: int) -> list[Line]:
        model = self.desk.model
        now, text = self.desk.now(), self.conversation_pane.text
        hints = desk_footer(model, self.desk.listing, self.context, self.target, text, now, is_wide=self.is_wide)
        if model.marks and self.context in (Context.LIST, Context.TRANSCRIPT):
            hints = marks_footer(model, self.context)
        if self.desk.next_count:
            hints = count_footer(model.keys, self.context, self.desk.next_count, has_rows=self.context is Context.LIST)
        elif self.conversation_pane.picker.chosen is not None:
            hints = emoji_keys(model.keys) + keys.always(model.keys)
        elif self.conversation_pane.offers_replies:
            hints = shortcut_keys(model.keys) + keys.always(model.keys)
        elif self.context is Context.FINDER:
            hints = finder_keys(model.keys) + keys.always(model.keys)
        has_room = self.size.height >= TALL
        return [
            *bars.refused_lines(model.connection, width),
            *bars.footer(hints, model.notices.current, width, has_room=has_room),
        ]

    @property
    def context(self) -> Context:
        """The context of the next key."""
        focused = self.focused
        if self.list_pane.is_filter(focused):
            return Context.FILTER
        if any(pane.is_in_area(focused) for pane in self.panes):
            return Context.COMPOSE
        if any(pane.is_in_finder(focused) for pane in self.panes):
            return Context.FINDER
        if any(focused is pane.transcript for pane in self.panes):
            return Context.TRANSCRIPT
        return Context.LIST

    @property
    def target(self) -> ConversationView | None:
        """The conversation that an action is about: the shown one."""
        return open_conversation(self.desk.model)

    @property
    def is_wide(self) -> bool:
        return self.size.width >= 100

    @property
    def sees_messages(self) -> bool:
        """The transcript is on the screen."""
        return self.is_wide or self.has_class("-conversation")

    def refuse(self, words: str) -> None:
        """Say why something cannot be done."""
        self.desk.say(words, is_error=True)
        self.repaint()

    # Following the model.

    def store_draft(self) -> None:
        for pane in self.panes:
            pane.store_draft()

    def repaint(self) -> None:
        """Show the model as it is now. While the app ends, frames still come in."""
        if not self.is_ready or not all(pane.is_attached for pane in self.panes):
            return
        self._rest()
        self._arrange()
        self._mark_read()
        for part in (self.status, self.list_pane, self.person_panel, self.foot):
            part.repaint()
        for pane in self.panes:
            pane.repaint()
        self.post_message(Repainted())

    def repaint_arrived(self) -> None:
        """Show what has come from the core: at a start the rows, and then the pane beside them. While the cursor moves,
        that shows the conversation before."""
        is_first = not self._has_rows and self.desk.model.connection.has_lists
        if is_first:
            self._has_rows = True
            once(self, _ROWS_S, self.repaint)
        elif not self._is_moving:
            self.repaint()
            return
        for part in (self.status, self.list_pane, self.foot):
            part.repaint()
        self.post_message(Repainted())

    def repaint_clocks(self) -> None:
        """Only time has passed."""
        if not self.is_ready:
            return
        if self._at_rest is not None:
            return  # the pane still shows the conversation before
        for part in (self.conversation_list, self.status, *(pane.head for pane in self.panes)):
            part.repaint()

    def repaint_seconds(self) -> None:
        """The same while something counts seconds."""
        self.repaint_clocks()
        if self.is_ready:
            for pane in self.panes:
                pane.transcript.repaint()
                pane.keys.repaint()
            self.foot.repaint()

    def _arrange(self) -> None:
        width = self.size.width
        self.person_panel.display = width >= (_ROOM_FOR_ALL if is_split(self.desk.model) else _ROOM_FOR_PERSON)
        for pane in self.panes:
            pane.show_parts()

    def _mark_read(self) -> None:
        """An opened conversation in sight is read."""
        if self.is_active and self.app.app_focus and self.sees_messages:
            self.desk.mark_read(sees_both=self.size.width >= ROOM_FOR_TWO)

    def on_resize(self, event: events.Resize) -> None:
        if not self._will_repaint:
            self._will_repaint = True
            self.call_after_refresh(self._repaint_resized)

    def _repaint_resized(self) -> None:
        self._will_repaint = False
        self.repaint()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        event.refresh_styles = self._was_shown  # all parts are styled as they are mounted
        self._was_shown = True
        self.foot.dim(False)
        self.repaint()

    def on_screen_suspend(self) -> None:
        """The footer's keys do not work in the dialog over this screen."""
        self.foot.dim(True)

    def on_descendant_focus(self) -> None:
        self.foot.repaint()
        for pane in self.panes:
            pane.repaint()

    @on(ConversationList.Moved)
    def cursor_moved(self) -> None:
        """The pane follows when the cursor rests, as a whole: never messages of one under the head of another."""
        for part in (self.conversation_list, self.list_pane.tabs, self.foot):
            part.repaint()
        self._is_moving = True
        if self._at_rest is not None:
            self._at_rest.cancel()
        self._at_rest = once(self, _REST_S, self._cursor_rests)

    def _cursor_rests(self) -> None:
        self._is_moving = False
        shown = self.desk.model.transcript
        if shown is not None and not shown.messages and self.is_wide:
            self.desk.load_preview()
            self._at_rest = once(self, _PREVIEW_S, self.repaint)
        else:
            self.repaint()

    def _rest(self) -> None:
        """What the shown transcript lacks is asked for where it is in sight."""
        self._is_moving = False
        if self._at_rest is not None:
            self._at_rest.cancel()
            self._at_rest = None
        if self.is_wide:
            self.desk.load_preview()

    @on(TranscriptView.Scrolled)
    def transcript_scrolled(self) -> None:
        for pane in self.panes:
            if pane.transcript.is_near_first or pane.transcript.top == 0:
                self.desk.load_older(pane.side)
            if pane.transcript.is_near_last:
                self.desk.load_newer(pane.side)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        for pane in self.panes:
            if pane.is_in_area(event.text_area) and pane.drafting is not None:
                self._typed_in(pane, pane.drafting)

    def _typed_in(self, pane: ConversationPane, drafting: str) -> None:
        had_draft = drafting in self.desk.model.compose.drafts
        pane.store_draft()
        pane.fit()
        pane.make_area().offer_emoji()
        pane.offer_replies()
        for part in (pane.meter, pane.keys, self.foot):
            part.repaint()
        if had_draft != (drafting in self.desk.model.compose.drafts):
            self.conversation_list.repaint()
        self.post_message(Repainted())
