"""What an administrator can do with a provider account."""

from __future__ import annotations

from connector.wire import administration
from tui.actions.conversation import Intent
from tui.model.state import Model


def set_mode(model: Model, account: str | None, mode: str) -> Intent:
    """Let an account send (active), only finish what is written (draining), or send nothing (off)."""
    known = next((known for known in model.providers.accounts if known.account == account), None)
    if known is None:
        return "There is no account here."
    return (
        f"{known.account} is {mode} already."
        if known.mode == mode
        else administration.SetAccountMode(known.account, mode)
    )
