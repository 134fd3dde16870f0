"""What calls for the agent: told in a sentence, and by a bell where it cannot wait. Pure."""

from __future__ import annotations

from typing import NamedTuple

from connector.wire import events
from connector.wire.views import ConversationView
from tui.model.state import Model, is_mine, name_of, rings_here


class Alarm(NamedTuple):
    words: str
    bell: bool = True


def alarm(model: Model, body: events.Event) -> Alarm | None:
    """What the agent is to be told of a fact; `model` is as it was before it."""
    me = model.me.id if model.me else None
    if me is None:
        return None
    if (changed := getattr(body, "conversation", None)) is not None and (rang := _rang(model, changed)):
        return rang
    match body:
        case events.ConversationAssigned(conversation=view, also_rang=also_rang) if view.agent != me:
            lost = Alarm(f"{name_of(model, view.agent)} took {view.consumer} first.", False)
            return lost if me in also_rang else None
        case events.ConversationAssigned(conversation=view):
            old = model.conversations.get(view.id)
            if old is None or old.handed_by in (None, me) or view.id in model.by_hand:
                return None
            return Alarm(f"{name_of(model, old.handed_by)} handed you {view.consumer}.")
        case events.ConversationTakenOver(by=by, owner=owner, conversation=view) if owner == me and by != me:
            return Alarm(f"{name_of(model, by)} took {view.consumer} over from you.")
        case events.ConversationJoined(by=by, conversation=view) if view.agent == me:
            return Alarm(f"{name_of(model, by)} writes beside you to {view.consumer}.", False)
        case events.DueSoon(conversation=view) if is_mine(model, view):
            return Alarm(f"{view.consumer} has to be answered soon.")
        case events.Overdue(conversation=view) if is_mine(model, view):
            return Alarm(f"{view.consumer} is overdue.")
        case events.ConversationQueued(conversation=view):
            return _gone(model, view)
    return None


def _rang(model: Model, view: ConversationView) -> Alarm | None:
    """Once for each time it rings here, whichever fact says so first."""
    old = model.conversations.get(view.id)
    if not rings_here(model, view) or (
        old is not None and rings_here(model, old) and old.ring_until == view.ring_until
    ):
        return None
    keys = "n goes there, a accepts, d declines"
    if view.handed_by is not None:
        return Alarm(f"{name_of(model, view.handed_by)} hands you {view.consumer}: {keys}.")
    return Alarm(f"{view.consumer} rings at you ({view.skill}): {keys}.")


def _gone(model: Model, view: ConversationView) -> Alarm | None:
    """One of ours is in the queue again, and not because we wished so."""
    old = model.conversations.get(view.id)
    if old is None or not is_mine(model, old) or view.id in model.by_hand:
        return None
    return Alarm(f"{view.consumer} went back to the queue: {view.reason}.", False)
