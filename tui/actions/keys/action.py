"""One row of the key table."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from connector.wire.views import ConversationView
from tui.actions import conversation
from tui.actions.keys.contexts import Context
from tui.model.state import Model


class Action(NamedTuple):
    id: str
    label: str
    """At most 14 characters, for the footer."""
    help: str
    """One sentence."""
    keys: dict[Context, tuple[str, ...]]
    """Where it can be done, with which keys. With none it is a command of the palette, and settings may give it one."""
    footer: tuple[Context, ...] = ()
    """Where the footer names it; the table's order is the footer's."""
    palette: bool = True
    request: Callable[[Model, ConversationView | None], conversation.Intent] | None = None
    """What it asks of the core about the conversation in question."""
    doubt: Callable[[Model, ConversationView], str | None] | None = None
    """Why the agent has to confirm it with a second press, if they have to."""
    role: str = "agent"
    """The lowest role that may use it: agent, lead or administrator. Each role includes those before it."""
