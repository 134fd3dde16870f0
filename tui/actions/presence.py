"""The agent's presence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.wire import requests
from tui.actions.conversation import Intent
from tui.model.state import Model


class PresenceChoice(NamedTuple):
    presence: str
    reason: str
    words: str


def presence_choices(model: Model) -> list[PresenceChoice]:
    """What an agent can be."""
    return [
        PresenceChoice("online", "", "online"),
        PresenceChoice("away", "", "away"),
        *(PresenceChoice("away", reason, f"away: {reason}") for reason in model.settings.away_reasons),
        PresenceChoice("back_soon", "", "back soon"),
    ]


def place_of_now(model: Model, choices: Sequence[PresenceChoice]) -> int:
    """The number of the choice that is what the agent is now, else of the one nearest to it."""
    places = {choice.presence: number for number, choice in reversed([*enumerate(choices)])}
    me = model.agents.me
    exact = (number for number, choice in enumerate(choices) if is_now(model, choice))
    return next(exact, places.get(me.presence, 0) if me is not None else 0)


def is_now(model: Model, choice: PresenceChoice) -> bool:
    me = model.agents.me
    return me is not None and (me.presence, me.reason) == (choice.presence, choice.reason)


def set_presence(model: Model, choice: PresenceChoice) -> Intent:
    me = model.agents.me
    if me is None:
        return "Not signed in yet."
    if is_now(model, choice):
        return f"You are {choice.words} already."
    return requests.SetPresence(choice.presence, choice.reason)
