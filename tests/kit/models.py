"""States of a desk for tests."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tui.model import compose
from tui.model.state import Attachment, Model


def changed(model: Model, **parts: dict[str, Any]) -> Model:
    """A model with some fields of some of its parts replaced: `changed(model, agents={"is_lead": True})`."""
    return replace(model, **{part: replace(getattr(model, part), **fields) for part, fields in parts.items()})


def drafted(model: Model, conversation_id: str, text: str) -> Model:
    return replace(model, compose=compose.set_draft(model.compose, conversation_id, text))


def attached(model: Model, conversation_id: str, picture: Attachment) -> Model:
    return replace(model, compose=compose.attach(model.compose, conversation_id, picture))
