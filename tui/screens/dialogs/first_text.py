"""Dialog for a first text to a consumer: from which line, and to which number."""

from __future__ import annotations

from tui.actions.writing import NUMBER_HELP, consumer_address
from tui.model.conversations import is_new, line_and_consumer, new_conversation_id
from tui.model.state import Model
from tui.screens.dialogs.dialog import Dialog, DialogAnswer, Field


class FirstTextDialog(Dialog):
    """A first text that was begun and not sent is proposed again. A number that the core doubts is confirmed here."""

    CHOICES_LABEL = "From"

    def __init__(self, model: Model) -> None:
        self._lines = lines = [line for line in model.providers.lines if line.may_start]
        self._ours = {line.address for line in model.providers.lines}
        self.begun = next((draft for draft in model.compose.drafts if is_new(draft)), "")
        line, consumer = line_and_consumer(self.begun) if self.begun else ("", "")
        self._doubts = model.compose.doubts
        self._asked = ""  # the doubted one that was asked about
        several = [f"{line.address}  {line.skill} · {line.account}" for line in lines]
        super().__init__(
            "Text a consumer first" if len(lines) > 1 else f"Text a consumer first, from {lines[0].address}",
            [Field("To", consumer, "+15550142")],
            choices=several if len(lines) > 1 else (),
            chosen=next((number for number, known in enumerate(lines) if known.address == line), 0),
        )

    def wrong(self, answer: DialogAnswer) -> str | None:
        consumer = consumer_address(answer.texts[0])
        if consumer is None:
            return NUMBER_HELP
        if consumer in self._ours:
            return f"{consumer} is one of our own lines, and no consumer."
        which = new_conversation_id(*self.line_and_consumer(answer))
        if which in self._doubts and which != self._asked:
            self._asked = which
            return f"{self._doubts[which]} Confirm once more, or change the number."
        return None

    def line_and_consumer(self, answer: DialogAnswer) -> tuple[str, str]:
        return self._lines[answer.choice].address, consumer_address(answer.texts[0]) or ""
