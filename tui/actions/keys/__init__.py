"""The table of actions and their keys, which bindings, footer, help page and command palette read.

An action that is one request about a conversation is a row here and the function in `tui.actions` that makes the
request. Any other is a row and the `action_…` method of the screen or widget where its keys work.

Keys are named as terminals can tell them apart everywhere: no alt+enter, shift+enter, ctrl+enter, ctrl+h, ctrl+i,
ctrl+m or alt+digit, which arrive as other keys in the classic encoding.
"""

from __future__ import annotations

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import AROUND, TITLES, Context
from tui.actions.keys.footer import COUNTED, DESK_ORDER, MARKING, OF_MARKED, KeyHint, always, footer
from tui.actions.keys.lookup import key_for, not_for, refusal
from tui.actions.keys.names import shown, toolkit_name
from tui.actions.keys.table import ACTIONS, BY_ID, DEFAULT_NAMES

__all__ = (
    "ACTIONS",
    "AROUND",
    "BY_ID",
    "COUNTED",
    "DEFAULT_NAMES",
    "DESK_ORDER",
    "MARKING",
    "OF_MARKED",
    "TITLES",
    "Action",
    "Context",
    "KeyHint",
    "always",
    "footer",
    "key_for",
    "not_for",
    "refusal",
    "shown",
    "toolkit_name",
)
