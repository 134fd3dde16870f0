"""Two conversations beside each other. One pane is active: the model's transcript is its own, and keys act on it.

The other pane has a transcript of its own, which events change in the same way. The list's cursor shows what it is on
in one pane, the follower, and leaves the other as it is; where it comes upon the conversation of that other pane,
that pane is active for as long. A conversation is never in both.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from tui.model.conversations import open_conversation
from tui.model.state import Model, Panes


def seen_in(model: Model, side: int) -> Model:
    """The model as the pane of one side (0 left, 1 right) shows it; the active pane's is the model itself."""
    if side == model.panes.active:
        return model
    return replace(model, transcript=model.panes.other, is_entered=False)


def is_split(model: Model) -> bool:
    return model.panes.other is not None


def split(model: Model) -> Model:
    """Leave the shown conversation in its pane; the other pane is active, and shows nothing yet."""
    if model.transcript is None or is_split(model):
        return model
    side = 1 - model.panes.active
    return replace(model, transcript=None, is_entered=False, panes=Panes(model.transcript, side, side))


def unsplit(model: Model) -> Model:
    """Only the active pane is left."""
    return replace(model, panes=Panes(None, model.panes.active, model.panes.active))


def switch(model: Model) -> Model:
    """Make the other pane the active one, to stay so."""
    return entered(_swapped(model)) if is_split(model) else model


def before_showing(model: Model, conversation_id: str) -> Model:
    """Make the pane active in which a conversation is to be shown: the one that has it, else the follower."""
    other = model.panes.other
    if other is None:
        return model
    is_there = other.conversation_id == conversation_id
    is_here = model.transcript is not None and model.transcript.conversation_id == conversation_id
    if is_there or (not is_here and model.panes.active != model.panes.follower):
        return _swapped(model)
    return model


def entered(model: Model) -> Model:
    """The agent works in the active pane: from now on it follows the cursor."""
    panes = model.panes
    return model if panes.follower == panes.active else replace(model, panes=replace(panes, follower=panes.active))


def in_both(
    model: Model, change: Callable[[Model], Model], concerns: Callable[[Model], bool] = lambda _: True
) -> Model:
    """A change of the model, with what it does to the transcript done to that of the other pane as well.

    `concerns`: whether it may do something to the shown transcript of a model.
    """
    after = change(model)
    if not is_split(model) or not is_split(after):
        return after
    swapped = _swapped(model)
    other = change(swapped).transcript if concerns(swapped) else model.panes.other
    shown = after.transcript
    if other is not None and shown is not None and other.conversation_id == shown.conversation_id:
        other = None
    after = replace(after, panes=replace(after.panes, other=other))
    if other is None or open_conversation(_swapped(after)) is None:
        return unsplit(after)
    return after


def _swapped(model: Model) -> Model:
    panes = Panes(model.transcript, 1 - model.panes.active, model.panes.follower)
    return replace(model, transcript=model.panes.other, is_entered=False, panes=panes)
