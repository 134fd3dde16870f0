"""All rows of the key table."""

from __future__ import annotations

from collections.abc import Iterable

from tui.actions.keys import conversation_rows, place_rows, reply_rows
from tui.actions.keys.action import Action
from tui.actions.keys.names import shown
from tui.model.key_names import KeyNames

ACTIONS: tuple[Action, ...] = (*conversation_rows.ROWS, *reply_rows.ROWS, *place_rows.ROWS)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}


def names_of(actions: Iterable[Action]) -> KeyNames:
    """The keys of actions as people write them."""
    return KeyNames(
        {action.id: {place: tuple(map(shown, pressed)) for place, pressed in action.keys.items()} for action in actions}
    )


DEFAULT_NAMES = names_of(ACTIONS)
