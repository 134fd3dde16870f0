"""The keys by place, for the help page and the manual."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from tui.actions.keys.aliases import ALIASES
from tui.actions.keys.contexts import AROUND, TITLES, Context
from tui.actions.keys.table import ACTIONS
from tui.model.key_names import KeyNames


class HelpRow(NamedTuple):
    keys: str
    sentence: str
    also: str
    """Other words that it is found by."""


def help_sections(
    names: KeyNames, first: Context = Context.EVERYWHERE, hidden: Container[str] = ()
) -> Iterable[tuple[str, list[HelpRow]]]:
    """(title, rows) for the help screen and the manual; what works in `first` comes first. `hidden`:
    ids of actions to leave out."""
    for context in dict.fromkeys((first, *AROUND[first], *Context)):
        actions = [action for action in ACTIONS if context in action.keys and action.id not in hidden]
        yield (
            TITLES[context],
            [
                HelpRow(
                    " ".join(names.of(action.id, context)) or names.name("palette"),
                    action.help,
                    f"{action.label}, {ALIASES.get(action.id, '')}",
                )
                for action in actions
            ],
        )
