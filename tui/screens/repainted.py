"""The message of a screen after each repaint."""

from __future__ import annotations

from textual.message import Message


class Repainted(Message):
    """A screen shows the model as it is now."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Repainted)
