"""The keys that a footer names."""

from __future__ import annotations

from collections.abc import Container

from tui.actions.keys.contexts import Context
from tui.actions.keys.lookup import key_for
from tui.actions.keys.table import ACTIONS


def footer(context: Context, disabled: Container[str] = ()) -> list[tuple[str, str]]:
    """(key, label) pairs, most useful first, without the actions that would be refused now."""
    return [
        (key_for(action, context), action.label)
        for action in ACTIONS
        if context in action.footer and action.id not in disabled
    ]
