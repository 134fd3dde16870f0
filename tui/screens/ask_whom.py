"""From which line and to whom a first text goes."""

from __future__ import annotations

from tui.actions import intents
from tui.model.conversations import is_new
from tui.model.state import Model
from tui.screens.ask import Ask, DialogAnswer, Field


class AskWhom(Ask):
    """What was begun last and not sent is proposed again."""

    def __init__(self, model: Model) -> None:
        self._model = model
        lines = model.providers.lines
        begun = next((draft.split(" ") for draft in model.compose.drafts if is_new(draft)), None)
        several = [f"{line.address}  {line.skill} · {line.account}" for line in lines]
        super().__init__(
            "Text somebody first" if len(lines) > 1 else f"Text somebody first, from {lines[0].address}",
            [Field("to whom: +15550142", begun[2] if begun else "")],
            choices=several if len(lines) > 1 else (),
            chosen=next((number for number, line in enumerate(lines) if begun and line.address == begun[1]), 0),
            wrong=lambda answer: None if isinstance(self.whom(answer), tuple) else str(self.whom(answer)),
        )

    def whom(self, answer: DialogAnswer) -> tuple[str, str] | str:
        """Line and consumer, or what is wrong with them."""
        return intents.start(self._model, self._model.providers.lines[answer.choice].address, answer.texts[0])
