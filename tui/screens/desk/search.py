"""Search from the main screen, and a first text to a consumer who was found or is named."""

from __future__ import annotations

from textual.widget import Widget

from tui.desk import DeskController
from tui.desk_search import Found
from tui.model.conversations import open_between
from tui.screens.desk.transcripts import DeskTranscripts


class DeskSearchActions(DeskTranscripts):
    def __init__(self, desk: DeskController) -> None:
        super().__init__(desk)
        self._searched_from: Widget | None = None  # what had the focus

    async def action_search(self) -> None:
        from tui.screens.search_page import SearchPage

        self.store_draft()
        if not self.desk.came_from_search:
            self._searched_from = self.focused
        self.desk.begin_search()
        page = SearchPage(self.desk)
        await self.app.push_screen(page, lambda _: self._search_left(page.chosen, is_to_text=page.is_to_text))

    def _search_left(self, chosen: Found | None, *, is_to_text: bool) -> None:
        if chosen is not None and chosen.conversation_id:
            self.store_draft()
            self.desk.open_found(chosen, self.desk.open)
            self.add_class("-conversation")
            self.set_focus(self.transcript)
        elif chosen is None and self.desk.came_from_search:
            if (before := self.desk.left_search()) is None:
                self.go_list()
            else:
                self.desk.open(before)
                self.set_focus(self._searched_from)
        self.repaint()
        if chosen is not None and is_to_text:
            self.run_worker(self._ask_whom_to_text((chosen.line, chosen.consumer)))

    def action_hit_above(self) -> None:
        self._go_beside(-1, "No hit of the search is further up here.")

    def action_hit_below(self) -> None:
        self._go_beside(1, "No hit of the search is further down here.")

    def _go_beside(self, by: int, none: str) -> None:
        if not self.desk.came_from_search:
            self.refuse("This transcript was not opened from the search.")
        elif not self.desk.go_to_hit_beside(by):
            self.refuse(none)
        self.repaint()

    async def action_start_conversation(self) -> None:
        await self._ask_whom_to_text()

    async def _ask_whom_to_text(self, to: tuple[str, str] | None = None) -> None:
        from tui.screens.dialogs.dialog import DialogAnswer, if_answered
        from tui.screens.dialogs.first_text import FirstTextDialog

        if not any(line.may_start for line in self.desk.model.providers.lines):
            self.refuse("There is no line that you may text a consumer first from.")
            return
        dialog = FirstTextDialog(self.desk, to)

        def start(answer: DialogAnswer) -> None:
            line, consumer = dialog.line_and_consumer(answer)
            self._start(line, consumer, dialog.begun, answer.texts[0].strip(), dialog.name_of_consumer)

        await self.app.push_screen(dialog, if_answered(start))

    def _start(self, line: str, consumer: str, begun: str, typed: str, name: str) -> None:
        """The text is written in the compose pane, of the open conversation where there is one. A text that was begun
        for another number or line goes along to a new conversation."""
        there = open_between(self.desk.model, line, consumer)
        if there is not None:
            self.show_conversation(there.id)
            return
        self.store_draft()
        self.desk.start(line, consumer, begun, typed, name)
        self.go_to_conversation()
