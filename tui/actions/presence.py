"""The agent's presence."""

from __future__ import annotations

from typing import NamedTuple

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
