"""What every screen of the desk tells the app when it has looked at the model."""

from __future__ import annotations

from textual.message import Message


class ModelChanged(Message):
    """The model may have changed, and is shown."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, ModelChanged)
