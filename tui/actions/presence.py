"""The agent's presence, and their conversations when they sign off."""

from __future__ import annotations

from typing import NamedTuple

from connector.base import moments
from connector.wire import requests
from tui.actions.conversation import Intent
from tui.model.state import Model


class PresenceChoice(NamedTuple):
    presence: str
    reason: str
    words: str


def presence_choices(model: Model) -> list[PresenceChoice]:
    """What an agent can be, the likeliest change first."""
    online = PresenceChoice("online", "", "online")
    others = [
        PresenceChoice("away", "", "away"),
        *(PresenceChoice("away", reason, f"away: {reason}") for reason in model.settings.away_reasons),
        PresenceChoice("back_soon", "", "back soon"),
    ]
    me = model.agents.me
    return [*others, online] if me is not None and me.presence == "online" else [online, *others]


def set_presence(model: Model, choice: PresenceChoice) -> Intent:
    me = model.agents.me
    if me is None:
        return "Not signed in yet."
    if (me.presence, me.reason) == (choice.presence, choice.reason):
        return f"You are {choice.words} already."
    return requests.SetPresence(choice.presence, choice.reason)


def sign_off_choices(model: Model, mine: list[str]) -> list[tuple[str, str]]:
    """What can be done with the agent's open conversations: the choice, and what it means for how many of them."""
    waiting = sum(model.conversations.by_id[each].waiting_since is not None for each in mine)
    answered = len(mine) - waiting
    found = []
    if answered:
        rest = f", give {waiting:,} back to the queue" if waiting else ""
        found.append(("close", f"Close {answered:,} that wait{'s' * (answered == 1)} for the consumer{rest}"))
    found.append(("return", "Give it back to the queue" if len(mine) == 1 else f"Give all {len(mine):,} back"))
    return [*found, ("due", "Keep what is yours, due at the time below")]


def sign_off(model: Model, mine: list[str], choice: str, words: str, now: int) -> Intent:
    """`choice` is `close` (those whose consumer waits for us are given back), `return`, or `due` at a moment."""
    at = moments.parse_future(words, now) if choice == "due" else None
    if choice == "due" and at is None:
        return moments.why_no_future(words, now)
    leaving = []
    for conversation_id in mine:
        waits_for_us = model.conversations.by_id[conversation_id].waiting_since is not None
        each = "return" if choice == "close" and waits_for_us else choice
        leaving.append(requests.SignOffChoice(conversation_id, each, at))
    return requests.SignOff(leaving)
