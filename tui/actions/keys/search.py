"""Actions found by words, for the command palette."""

from __future__ import annotations

from collections.abc import Container, Iterable

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import Context
from tui.actions.keys.table import ACTIONS


def found(text: str, places: Iterable[Context], hidden: Container[str] = ()) -> list[Action]:
    """The palette's commands of these contexts that hold every word typed, best first, without those `hidden` by id.

    A label that begins so, then a word of a label, then the beginning of a sentence; by label among equals.
    """
    words = text.casefold().split()
    allowed = set(places)
    hits = [
        action
        for action in ACTIONS
        if action.palette
        and action.id not in hidden
        and allowed.intersection(action.keys)
        and all(word in f"{action.label} {action.help}".casefold() for word in words)
    ]
    start = text.strip().casefold()

    def rank(action: Action) -> tuple[bool, bool, bool, str]:
        label = action.label.casefold()
        in_label = any(word.startswith(start) for word in label.replace("/", " ").split())
        return not label.startswith(start), not in_label, not action.help.casefold().startswith(start), label

    return sorted(hits, key=rank)
