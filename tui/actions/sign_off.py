"""What becomes of the agent's conversations as they sign off, one choice for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from connector.base import moments
from connector.wire import requests
from tui.actions.conversation import Intent
from tui.model.conversations import is_looked_up
from tui.model.state import Model

TOMORROW = "tomorrow 9:00"


class LeavingChoice(StrEnum):
    """The words of the wire."""

    CLOSE = "close"
    GIVE_BACK = "return"
    KEEP = "due"


_DONE = {LeavingChoice.CLOSE: "closed", LeavingChoice.GIVE_BACK: "given back", LeavingChoice.KEEP: "kept"}


def first_choice(model: Model, conversation_id: str) -> LeavingChoice:
    """What most likely is wanted: who waits for an answer goes back to the queue. Of the others those are closed in
    which nothing is open: no draft, and no reply that did not arrive or may not have."""
    view = model.conversations.by_id[conversation_id]
    if view.snoozed_until is not None:
        return LeavingChoice.KEEP
    if view.waiting_since is not None:
        return LeavingChoice.GIVE_BACK
    compose = model.compose
    has_draft = conversation_id in compose.drafts or conversation_id in compose.attachments
    return LeavingChoice.KEEP if has_draft or view.unsent or is_looked_up(view) else LeavingChoice.CLOSE


def summary(choices: Mapping[str, LeavingChoice]) -> str:
    """`2 given back, 1 closed.`"""
    counts = Counter(choices.values())
    return ", ".join(f"{counts[one]:,} {_DONE[one]}" for one in LeavingChoice if counts[one]) + "."


def sign_off(choices: Mapping[str, LeavingChoice], due: str, now: int) -> Intent:
    """Sign off with a choice for each conversation; those that are kept are due at a moment in words."""
    at = moments.parse_future(due, now) if LeavingChoice.KEEP in choices.values() else None
    if LeavingChoice.KEEP in choices.values() and at is None:
        return moments.why_no_future(due, now)
    leaving = [
        requests.SignOffChoice(conversation_id, choice.value, at if choice is LeavingChoice.KEEP else None)
        for conversation_id, choice in choices.items()
    ]
    return requests.SignOff(leaving)
