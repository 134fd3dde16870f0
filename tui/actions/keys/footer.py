"""The keys that footers name: on pages and in dialogs by the table, on the main screen in orders of their own."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import Context
from tui.actions.keys.lookup import key_for
from tui.actions.keys.table import ACTIONS, BY_ID
from tui.model.key_names import KeyNames

# One order for every state: what would be refused is left out, so what a state calls for comes first in it.
_FIRST = ("acknowledge", "undo", "accept", "decline", "is_opt_out", "is_no_opt_out", "resend", "reopen")
_WITH_OWN = ("close", "set_due", "snooze", "transfer", "note", "wrap_up", "give_back", "take_over", "join", "explain")
_LAST = ("filter", "search", "start_conversation", "person", "go_providers", "go_team", "presence", "quit")
DESK_ORDER: dict[Context, tuple[str, ...]] = {
    Context.LIST: (*_FIRST, "open", "next_need", "other_pane", *_WITH_OWN, *_LAST),
    Context.TRANSCRIPT: (
        *_FIRST,
        *("write", "hit_above", "hit_below"),
        *("next_need", "other_pane", "view_picture", "read_rest", "unmask", "toggle_parts"),
        *_WITH_OWN,
        "copy_message",
        "back",
        *_LAST,
    ),
    Context.COMPOSE: (
        *("other_draft", "send", "resend", "plain_letters", "undo", "next_need", "back", "other_pane"),
        *("saved_reply", "newline", "send_later", "attach", "detach", "emoji", "external_editor"),
    ),
    Context.FILTER: ("apply_filter", "back"),
    Context.FINDER: ("insert_reply", "up", "down", "change_reply", "back"),
}


OF_MARKED = ("close", "give_back", "transfer", "tags", "set_due", "snooze", "wrap_up", "mark_unread")
"""What is done with all marked conversations at once, as the footer names it while there are any."""
MARKING = ("mark", "mark_range", "mark_kind")


COUNTED = ("down", "up", "half_down", "half_up")
"""Moves that are made as often as a count says."""


class KeyHint(NamedTuple):
    """A key and what it does, for a footer."""

    key: str
    label: str
    is_always: bool = False
    brief: str = ""  # in place of the label, where there is no room for that


def is_named(action: Action, context: Context) -> bool:
    """Whether the footer of a place names an action, where it works."""
    return context in action.footer or action.id in DESK_ORDER.get(context, ())


def footer(names: KeyNames, context: Context, disabled: Container[str] = ()) -> list[KeyHint]:
    """Keys, most useful first, without the actions that would be refused now."""
    return [
        KeyHint(key_for(names, action.id, context), action.label)
        for action in ACTIONS
        if context in action.footer and action.id not in disabled
    ]


def always(names: KeyNames) -> list[KeyHint]:
    """The keys that lead to all others: a footer has room for them at any width."""
    everywhere = Context.EVERYWHERE
    return [KeyHint(names.name(one, everywhere), BY_ID[one].label, is_always=True) for one in ("palette", "help")]
