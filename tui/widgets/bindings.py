"""Textual's bindings, from the key table."""

from __future__ import annotations

from textual.binding import Binding
from textual.dom import DOMNode

from tui.actions import keys
from tui.actions.keys import Action, Context
from tui.model.key_names import REPLY_SLOTS, KeyNames, reply_binding
from tui.terminal.app import TerminalApp

_NO_KEY = "none"  # a key that no terminal sends
_OVER_TEXT = (Context.COMPOSE, Context.FILTER, Context.DIALOG, Context.PALETTE, Context.FINDER, Context.SEARCH)


DIGITS = tuple(Binding(digit, f"digit('{digit}')", show=False) for digit in "0123456789")
"""Those with which a count begins or goes on."""


def action_string(action: Action) -> str:
    """What runs an action that no widget carries out itself: the app does, or its screen."""
    if action.request is not None:
        return f"screen.request('{action.id}')"
    owner = "app" if Context.EVERYWHERE in action.keys else "screen"
    return f"{owner}.{action.id}"


def bindings(context: Context, *own: str) -> list[Binding]:
    """The bindings of one context. Actions in `own` are carried out by the widget that has the bindings."""
    return [
        Binding(
            ",".join(action.keys[context]) or _NO_KEY,
            action.id if action.id in own else action_string(action),
            action.label,
            show=False,
            # A text field would take its keys as text otherwise.
            priority=context in _OVER_TEXT,
            id=f"{context}.{action.id}",
        )
        for action in keys.ACTIONS
        if context in action.keys
    ]


def reply_bindings() -> list[Binding]:
    """Those of keys that an agent has given to saved replies; without a key until then."""
    return [
        Binding(_NO_KEY, f"screen.reply_of_key({slot})", show=False, priority=True, id=reply_binding(slot))
        for slot in range(REPLY_SLOTS)
    ]


def count_of(node: DOMNode) -> int | None:
    """The number typed right before this key at the desk that a screen or widget belongs to."""
    return node.app.count if isinstance(node.app, TerminalApp) else None


def key_names(node: DOMNode) -> KeyNames:
    """The names of keys at the desk that a screen or widget belongs to."""
    assert isinstance(node.app, TerminalApp)
    return node.app.key_names
