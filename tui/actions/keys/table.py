"""All rows of the key table."""

from __future__ import annotations

from tui.actions.keys import conversation_rows, place_rows
from tui.actions.keys.action import Action

ACTIONS: tuple[Action, ...] = (*conversation_rows.ROWS, *place_rows.ROWS)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
