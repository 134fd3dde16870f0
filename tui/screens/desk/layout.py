"""The main screen without its actions: how it is laid out, and how it follows the model.

Below 100 columns one of its two sides is shown at a time; from there on both, beside each other.
"""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import TextArea

from connector.wire.views import ConversationView
from tui.actions.enabled import disabled_actions
from tui.actions.keys import Context
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Span
from tui.model.conversations import is_mine, open_conversation
from tui.model.state import Sending
from tui.screens.repainted import ModelChanged
from tui.widgets.bar import Bar
from tui.widgets.compose import Compose
from tui.widgets.conversation_list import ConversationList
from tui.widgets.list_side import ListSide
from tui.widgets.talk_side import TalkSide
from tui.widgets.transcript import TranscriptView


class DeskLayout(Screen[None]):
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    AUTO_FOCUS = None

    class Send(Message):
        """The agent sends a text; it is shown as under way already."""

        def __init__(self, request_id: str, body: Sending) -> None:
            super().__init__()
            self.request_id = request_id
            self.body = body

    class Ready(Message):
        """All its parts are there."""

    def __init__(self, desk: DeskController) -> None:
        super().__init__()
        self.desk = desk
        self.is_ready = False
        self.accepting: str | None = None
        """Write to them as soon as they are mine."""
        self.status = Bar(self._status, "status")
        self.list_side = ListSide(desk)
        self.talk_side = TalkSide(desk)
        self.foot = Bar(self._foot, "foot")

    def compose(self) -> ComposeResult:
        yield self.status
        with Horizontal(id="body"):
            yield self.list_side
            yield self.talk_side
        yield self.foot

    def on_mount(self) -> None:
        self._arrange()
        self.set_focus(self.list_view)
        self.is_ready = True
        self.post_message(self.Ready())

    @property
    def list_view(self) -> ConversationList:
        return self.list_side.rows

    @property
    def transcript(self) -> TranscriptView:
        return self.talk_side.transcript

    @property
    def pane(self) -> Compose:
        return self.talk_side.pane

    def _status(self, width: int) -> list[list[Span]]:
        desk = self.desk
        return [bars.status(desk.model, desk.listing, desk.now(), width)]

    def _foot(self, width: int) -> list[list[Span]]:
        disabled = disabled_actions(self.desk.model, self.target, self.pane.text)
        return bars.footer(self.context, self.desk.model.notices.current, width, disabled)

    @property
    def context(self) -> Context:
        """Where the keys of the moment belong."""
        by_widget = {
            self.pane: Context.COMPOSE,
            self.list_side.words: Context.FILTER,
            self.transcript: Context.TRANSCRIPT,
        }
        return by_widget.get(self.focused, Context.LIST) if self.focused is not None else Context.LIST

    @property
    def target(self) -> ConversationView | None:
        """The conversation a command is about: the one under the cursor, or the open one."""
        return self.list_view.current if self.focused is self.list_view else open_conversation(self.desk.model)

    @property
    def is_wide(self) -> bool:
        return self.size.width >= 100

    def tell(self, words: str) -> None:
        """Say why something cannot be done."""
        self.desk.say(words, is_error=True)
        self.look()

    # Following the model.

    def keep_draft(self) -> None:
        self.talk_side.keep_draft()

    def look(self) -> None:
        """The model may have changed: show it. While the app ends, frames still come in."""
        if not self.is_ready or not self.talk_side.is_attached:
            return
        self._arrange()
        self._see()
        for part in (self.status, self.list_side, self.talk_side, self.foot):
            part.look()
        self.post_message(ModelChanged())

    def look_at_clocks(self) -> None:
        """Time has passed, nothing else."""
        if not self.is_ready:
            return
        for part in (self.list_view, self.status, self.talk_side.head):
            part.look()

    def look_at_seconds(self) -> None:
        """As above, while something is counted in seconds."""
        self.look_at_clocks()
        if self.is_ready:
            self.transcript.look()
            self.foot.look()

    def _arrange(self) -> None:
        self.talk_side.show_parts()
        model = self.desk.model
        view = open_conversation(model)
        if view is None:
            self.remove_class("-talk")
            if self.focused is self.transcript:
                self.set_focus(self.list_view)
        if self.accepting is not None and view is not None and view.id == self.accepting and is_mine(model, view):
            self.accepting = None
            self.set_focus(self.pane)

    def _see(self) -> None:
        """What is before the agent's eyes is read."""
        if self.is_active and self.app.app_focus and (self.is_wide or self.has_class("-talk")):
            self.desk.mark_read()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self.look)

    def on_screen_resume(self) -> None:
        self.look()

    def on_descendant_focus(self) -> None:
        self.foot.look()

    @on(ConversationList.Moved)
    def cursor_moved(self) -> None:
        self.list_side.scopes.look()
        self.foot.look()

    @on(TranscriptView.Scrolled)
    def transcript_scrolled(self) -> None:
        if self.transcript.top == 0:
            self.desk.load_older()

    @on(TextArea.Changed, "#compose")
    def typed(self) -> None:
        drafting = self.talk_side.drafting
        if drafting is None:
            return
        had_draft = drafting in self.desk.model.compose.drafts
        self.keep_draft()
        self.talk_side.meter.look()
        self.foot.look()
        if had_draft != (drafting in self.desk.model.compose.drafts):
            self.list_view.look()
        self.post_message(ModelChanged())
