"""The pane with the open conversation: its head, its transcript, and the compose area below it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from connector.sms.segments import measure
from tui.actions import writing
from tui.desk import DeskController
from tui.draw import conversation_head
from tui.draw.format import Line, meter
from tui.model.conversations import open_conversation, reply_limits
from tui.widgets.bar import Bar
from tui.widgets.compose import ComposeArea
from tui.widgets.transcript import TranscriptView


class ConversationPane(Vertical):
    def __init__(self, desk: DeskController) -> None:
        super().__init__(id="conversation-pane")
        self._desk = desk
        self.drafting: str | None = None
        """The id of the conversation whose draft is in the compose area."""
        self._draft = ""  # as the model and the compose area last agreed on it
        self.head = Bar(self._head, "head")
        self.transcript = TranscriptView(desk, "transcript")
        self.hint = Bar(self._hint, "hint")
        self.attachments = Bar(self._attachments, "attachments")
        self.meter = Bar(self._meter, "meter")
        self.compose_area = ComposeArea("compose", self.meter.repaint)

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.transcript
        yield self.hint
        yield self.attachments
        yield self.meter
        yield self.compose_area

    def _head(self, width: int) -> list[Line]:
        view, gone = open_conversation(self._desk.model), self._desk.model.conversations.gone
        if view is None and gone is not None:
            return conversation_head.gone_lines(gone, width)
        return conversation_head.head_lines(self._desk.model, view, self._desk.now(), width) if view else []

    def _hint(self, width: int) -> list[Line]:
        view = open_conversation(self._desk.model)
        return [conversation_head.write_hint(self._desk.model, view, width)] if view else []

    def _attachments(self, width: int) -> list[Line]:
        view = open_conversation(self._desk.model)
        pictures = self._desk.model.compose.attachments.get(view.id, ()) if view else ()
        return [conversation_head.attachments_line(pictures, width)]

    def _meter(self, width: int) -> list[Line]:
        text = self.compose_area.text
        view = open_conversation(self._desk.model)
        return [meter(text, measure(text), reply_limits(self._desk.model, view), width)] if view else []

    def store_draft(self) -> None:
        """Take the draft from the compose area, whose last key may not have been announced yet."""
        if self.drafting is not None:
            self._draft = self.compose_area.text
            self._desk.set_draft(self.drafting, self._draft)

    def show_parts(self) -> None:
        """Show the parts that this conversation needs, and its draft."""
        model = self._desk.model
        view = open_conversation(model)
        may_write = view is not None and writing.cannot_write(model, view) is None
        self.hint.display = view is not None and not may_write
        self.head.display = view is not None or model.conversations.gone is not None
        if not may_write and self.screen.focused is self.compose_area:
            self.screen.set_focus(self.transcript)
        self.attachments.display = may_write and view is not None and view.id in model.compose.attachments
        self.meter.display = self.compose_area.display = may_write
        drafting = view.id if view is not None and may_write else None
        draft = model.compose.drafts.get(drafting, "") if drafting is not None else ""
        if (drafting, draft) != (self.drafting, self._draft):
            self.drafting, self._draft = drafting, draft
            self.compose_area.show_draft(draft)

    def repaint(self) -> None:
        for part in (self.head, self.transcript, self.hint, self.attachments, self.meter):
            part.repaint()
