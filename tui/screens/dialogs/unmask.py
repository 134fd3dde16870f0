"""Dialog that shows a masked message as it was written, after a confirmation; nowhere else is it shown."""

from __future__ import annotations

from textual.app import ComposeResult

from connector.sms.text import one_line
from connector.wire.joined_parts import JoinedMessage
from connector.wire.views import MessageView
from tui.desk import DeskController
from tui.draw.format import Line
from tui.draw.unmasked import clear_text, question
from tui.model.conversations import consumer_name
from tui.screens.dialogs.dialog import Choices, DialogFrame
from tui.screens.pages import PageView
from tui.widgets.bar import Bar


class UnmaskDialog(DialogFrame):
    def __init__(self, desk: DeskController, message: MessageView) -> None:
        view = desk.model.conversations.by_id.get(message.conversation_id)
        self._who = one_line(consumer_name(view) if view is not None else message.consumer, 24)
        super().__init__(f"Read what is masked, to or from {self._who}?", Choices(lambda width: []))
        self._desk = desk
        self._message = message
        self._ids = message.part_ids if isinstance(message, JoinedMessage) else (message.id,)
        self._is_confirmed = False

    def parts(self) -> ComposeResult:
        yield PageView(self._draw)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(PageView))

    def _draw(self, width: int) -> list[Line]:
        room = max(2, width - 2)
        lines = clear_text(self._desk.model, self._ids, room) if self._is_confirmed else question(self._message, room)
        return [[(" ", ""), *line] for line in lines]

    def title_now(self) -> str:
        return f"As it was written, to or from {self._who}" if self._is_confirmed else super().title_now()

    def repaint(self) -> None:
        """The core has answered."""
        self.query_one(PageView).repaint()

    def action_confirm(self) -> None:
        if self._is_confirmed:
            self.back()
            return
        self._is_confirmed = True
        self._desk.unmask(self._ids)
        self.query_one("#title", Bar).repaint()
        self.say("")
        self.repaint()

    def back(self) -> None:
        self._desk.drop_unmasked()
        super().back()
