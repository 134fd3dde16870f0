"""Which key an action has in a place, and for whom it is."""

from __future__ import annotations

from tui.actions.keys.action import Action
from tui.actions.keys.contexts import AROUND, Context
from tui.actions.keys.table import ACTIONS
from tui.model.conversations import with_article
from tui.model.key_names import KeyNames
from tui.model.state import Model

_NOT_FOR_ALL = [action for action in ACTIONS if action.role != "agent"]


def key_for(names: KeyNames, action_id: str, context: Context) -> str:
    """The first key that an action has in a context, as people write it; empty when there is none."""
    return names.name(action_id, context, *AROUND[context])


def not_for(model: Model) -> set[str]:
    """Ids of the actions that need a higher role than this agent's."""
    return {action.id for action in _NOT_FOR_ALL if not model.agents.includes(action.role)}


def refusal(model: Model, action: Action) -> str | None:
    """Why this agent's role does not allow an action."""
    if model.agents.includes(action.role):
        return None
    mine = with_article(model.agents.role or "agent")
    return f"{action.help} This is for {action.role}s; you are {mine}."
