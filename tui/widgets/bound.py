"""Turns the key table into Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding

from tui.actions import keys
from tui.actions.keys import Context


def bindings(context: Context, *own: str) -> list[Binding]:
    """The bindings of one context. Actions in `own` are the widget's; the others are its screen's, or the app's."""
    made = []
    for pressed, action in keys.bound(context):
        owner = "app." if Context.EVERYWHERE in keys.BY_ID[action].keys else "screen."
        target = action if action in own else owner + action
        made.append(
            Binding(
                pressed,
                target,
                keys.BY_ID[action].label,
                show=False,
                # A text field would take its keys as text otherwise.
                priority=context in (Context.COMPOSE, Context.FILTER, Context.DIALOG, Context.PALETTE),
                id=f"{context}.{action}",
            )
        )
    return made
