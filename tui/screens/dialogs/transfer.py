"""Dialog for a transfer: type to find a skill or an agent, and perhaps a note for them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Input

from connector.sms.text import one_line
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.desk import DeskController
from tui.draw.format import Span
from tui.draw.transfer_targets import TransferRow, row_spans, target_rows, whole_words
from tui.model.conversations import is_mine
from tui.screens.dialogs.dialog import Choices, Field, labelled, note_field
from tui.screens.dialogs.search import SearchDialog
from tui.screens.dialogs.several import about, carry_out

_FRESH_S = 5.0  # free capacity changes while one chooses


class TransferDialog(SearchDialog):
    """A target that would be refused is shown with the reason, and cannot be chosen."""

    def __init__(self, desk: DeskController, views: Sequence[ConversationView]) -> None:
        # What would happen is asked about the first that can be transferred.
        view = next((one for one in views if is_mine(desk.model, one)), views[0])
        skills = {one.skill for one in views}
        aside = one_line(view.skill, 20) if len(skills) == 1 else f"{len(skills)} skills"
        super().__init__(
            f"Transfer {about(views)} ({aside})",
            Choices(self._rows, names=lambda: [(row.skill, row.agent) for row in self._found], below=self._whole),
        )
        self._desk = desk
        self._view = view
        self._views = views

    def parts(self) -> ComposeResult:
        note = self._desk.model.compose.notes.get(self._view.id, "")
        yield from labelled(Field("To which skill or agent? Type any part of a name"), "words")
        yield self._choices
        yield from labelled(note_field(self._desk, "A note for them, if you like", note), "note")

    def on_mount(self) -> None:
        self._ask_targets()
        self.set_interval(_FRESH_S, self._ask_targets)

    def _ask_targets(self) -> None:
        self._desk.ask_once(requests.GetTargets(self._view.id))

    @property
    def _found(self) -> list[TransferRow]:
        known = self._desk.model.fetched.targets
        if known is None or known.conversation_id != self._view.id:
            return []
        return target_rows(known.answer, self.words)

    def _rows(self, width: int) -> Sequence[Sequence[Span]]:
        if rows := [row_spans(row, width) for row in self._found]:
            return rows
        known = self._desk.model.fetched.targets
        if known is None or (known.answer is None and known.refusal is None):
            return [[("Asking the core…", "muted")]]
        return [[(one_line(known.refusal or "No skill and no agent holds these words.", width), "muted")]]

    def _whole(self, row: int, width: int) -> Sequence[Sequence[Span]]:
        found = self._found
        return whole_words(found[row], width) if row < len(found) else ()

    def repaint(self) -> None:
        """The core has answered."""
        self._choices.repaint()

    def action_confirm(self) -> None:
        found = self._found
        if not found:
            self.say("No skill and no agent here can take it.")
            return
        target = found[self.row_among(len(found))]
        if not target.is_possible:
            self.say(f"{target.name} would not take it: {target.words}.")
            return
        note = self.query_one("#note", Input).value.strip()
        words = carry_out(
            self._desk,
            "transfer",
            self._views,
            lambda model, view: conversation.transfer(model, view, target.skill, target.agent, note),
        )
        if words is not None:
            self.say(words)
        else:
            self.dismiss(None)
