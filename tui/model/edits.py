"""Small changes of the model that many make. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from tui.model.state import Model, Notice


def said(model: Model, notice: Notice) -> Model:
    return replace(model, notice=notice)


def quiet(model: Model) -> Model:
    return model if model.notice is None else replace(model, notice=None)


def drafted(model: Model, conversation_id: str, text: str) -> Model:
    """The text in the compose pane is now this."""
    if model.drafts.get(conversation_id, "") == text:
        return model
    if text:
        return replace(model, drafts=model.drafts.set(conversation_id, text))
    return replace(model, drafts=model.drafts.delete(conversation_id))


def brought_back(model: Model, conversation_id: str, text: str) -> Model:
    """A text that was not sent stands in the draft again, before what was written since."""
    newer = model.drafts.get(conversation_id, "")
    return drafted(model, conversation_id, "\n".join(filter(None, (text, newer))))
