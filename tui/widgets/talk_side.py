"""The side with the open conversation: its head, its transcript, and where the reply is written."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from connector.sms.segments import measure
from tui.actions import writing
from tui.desk import DeskController
from tui.draw import bars
from tui.draw.format import Span, meter
from tui.model.conversations import open_conversation
from tui.widgets.bar import Bar
from tui.widgets.compose import Compose
from tui.widgets.transcript import TranscriptView


class TalkSide(Vertical):
    def __init__(self, desk: DeskController) -> None:
        super().__init__(id="talk-side")
        self._desk = desk
        self.drafting: str | None = None
        """Whose draft is in the compose pane."""
        self._draft = ""  # what the model and the compose pane last agreed on
        self.head = Bar(self._head, "head")
        self.transcript = TranscriptView(desk, "transcript")
        self.hint = Bar(self._hint, "hint")
        self.attached = Bar(self._attached, "attached")
        self.meter = Bar(self._meter, "meter")
        self.pane = Compose("compose", self.meter.look)

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.transcript
        yield self.hint
        yield self.attached
        yield self.meter
        yield self.pane

    def _head(self, width: int) -> list[list[Span]]:
        view = open_conversation(self._desk.model)
        return bars.head(self._desk.model, view, self._desk.now(), width) if view else []

    def _hint(self, width: int) -> list[list[Span]]:
        view = open_conversation(self._desk.model)
        return [bars.hint(self._desk.model, view, width)] if view else []

    def _attached(self, width: int) -> list[list[Span]]:
        view = open_conversation(self._desk.model)
        return bars.attached(self._desk.model.compose.attachments.get(view.id, ()), width) if view else []

    def _meter(self, width: int) -> list[list[Span]]:
        text = self.pane.text
        return [meter(text, measure(text), self._desk.model.settings.reply_limit, width)]

    def keep_draft(self) -> None:
        """Take over what is in the compose pane; its last key may not have been told yet."""
        if self.drafting is not None:
            self._draft = self.pane.text
            self._desk.set_draft(self.drafting, self._draft)

    def show_parts(self) -> None:
        """Which parts are shown, and whose draft is in the compose pane."""
        model = self._desk.model
        view = open_conversation(model)
        may_write = view is not None and writing.cannot_write(model, view) is None
        self.hint.display = view is not None and not may_write
        self.head.display = view is not None
        if not may_write and self.screen.focused is self.pane:
            self.screen.set_focus(self.transcript)
        self.attached.display = may_write and view is not None and view.id in model.compose.attachments
        self.meter.display = self.pane.display = may_write
        drafting = view.id if view is not None and may_write else None
        draft = model.compose.drafts.get(drafting, "") if drafting is not None else ""
        if (drafting, draft) != (self.drafting, self._draft):
            self.drafting, self._draft = drafting, draft
            self.pane.load(draft)

    def look(self) -> None:
        for sheet in (self.head, self.transcript, self.hint, self.attached, self.meter):
            sheet.look()
