"""Being there: what an agent can be, and what becomes of their conversations when they go off duty. Pure."""

from __future__ import annotations

from typing import NamedTuple

from connector.base import moments
from connector.wire import requests
from tui.actions.conversation import Intent
from tui.model.state import Model


class PresenceChoice(NamedTuple):
    """One way of being there or not."""

    presence: str
    reason: str
    words: str


def presences(model: Model) -> list[PresenceChoice]:
    """What an agent can be, what they most likely want to be now first."""
    ways = [PresenceChoice("online", "", "online"), PresenceChoice("away", "", "away")]
    ways += [PresenceChoice("away", reason, f"away: {reason}") for reason in model.settings.away_reasons]
    ways += [PresenceChoice("back_soon", "", "back soon")]
    me = model.agents.me
    is_online = me is not None and me.presence == "online"
    return ways[1:] + ways[:1] if is_online else ways


def set_presence(model: Model, way: PresenceChoice) -> Intent:
    if model.agents.me is None:
        return "Not signed in yet."
    if (model.agents.me.presence, model.agents.me.reason) == (way.presence, way.reason):
        return f"You are {way.words} already."
    return requests.SetPresence(way.presence, way.reason)


def sign_off(model: Model, owing: list[str], choice: str, words: str, now: int) -> Intent:
    """`choice`: close (those who wait for us go back all the same), return, or due at a moment."""
    at = moments.parse_future(words, now) if choice == "due" else None
    if choice == "due" and at is None:
        return moments.HELP
    leaving = []
    for conversation_id in owing:
        view = model.conversations.by_id[conversation_id]
        waits_for_us = view.waiting_since is not None
        each = "return" if choice == "close" and waits_for_us else choice
        leaving.append(requests.SignOffChoice(conversation_id, each, at))
    return requests.SignOff(leaving)


def sign_off_choices(model: Model, owing: list[str]) -> list[tuple[str, str]]:
    """What can become of the agent's conversations: the kind, and what it means for how many."""
    waiting = sum(model.conversations.by_id[each].waiting_since is not None for each in owing)
    silent = len(owing) - waiting
    found = []
    if silent:
        rest = f", give {waiting:,} back to the queue" if waiting else ""
        found.append(("close", f"Close {silent:,} that {_wait(silent)} for the consumer{rest}"))
    found.append(("return", "Give it back to the queue" if len(owing) == 1 else f"Give all {len(owing):,} back"))
    return [*found, ("due", "Keep what is yours, due at the time below")]


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
