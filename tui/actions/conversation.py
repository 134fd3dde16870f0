"""What an agent can do with a conversation, each as a request to the core, or as the reason why not.

The core decides again; what can be refused here at once is refused here.
"""

from __future__ import annotations

from connector.base import moments
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.model.conversations import (
    agent_name,
    consumer_name,
    have_joined,
    in_my_wrap_up,
    is_mine,
    is_new,
    names_ringing,
    open_between,
    person,
    rings_here,
)
from tui.model.state import Model

Intent = requests.Request | str
"""A request, or one sentence for the agent."""


def accept(model: Model, view: ConversationView | None) -> Intent:
    if view is None:
        return "There is no conversation here to accept."
    if view.state == "closed":
        return "This conversation is closed; their next text opens a new one."
    is_lapsed = view.id in model.conversations.lapsed
    if is_mine(model, view) and not is_lapsed:
        return "This conversation is already yours."
    if view.state == "ringing" and not rings_here(model, view):
        return f"It is ringing {names_ringing(model, view)}."
    if view.state not in ("queued", "ringing") and not is_lapsed:
        return f"{agent_name(model, view.agent)} has this conversation."
    return requests.Accept(view.id)


def decline(model: Model, view: ConversationView | None) -> Intent:
    if view is None or not rings_here(model, view):
        return "Nothing is ringing you here."
    return requests.Decline(view.id)


def decline_doubt(model: Model, view: ConversationView) -> str | None:
    return f"{consumer_name(view)} is ringing you. Press the key again to pass it on."


def give_back(model: Model, view: ConversationView | None, note: str = "") -> Intent:
    return _not_mine(model, view, "give back") or requests.GiveBack(view.id if view else "", note)


def transfer(
    model: Model, view: ConversationView | None, skill: str | None = None, agent: str | None = None, note: str = ""
) -> Intent:
    return _not_mine(model, view, "transfer") or requests.Transfer(view.id if view else "", skill, agent, note)


def close(
    model: Model, view: ConversationView | None, outcome: str = "", note: str = "", tags: tuple[str, ...] = ()
) -> Intent:
    """Close it, or end its wrap-up, with what is to be recorded of it."""
    if view is not None and in_my_wrap_up(model, view):
        return requests.WrapUp(view.id, outcome, note, list(tags))
    return _not_mine(model, view, "close") or requests.Close(view.id if view else "", outcome, note, list(tags))


def close_doubt(model: Model, view: ConversationView) -> str | None:
    return _unanswered(model, view, "close")


def give_back_doubt(model: Model, view: ConversationView) -> str | None:
    question = f"Give {consumer_name(view)} back to the queue? Press the key again."
    return _unanswered(model, view, "give it back") or question


def _unanswered(model: Model, view: ConversationView, verb: str) -> str | None:
    """What is left to do there before it leaves the agent."""
    name, is_waiting = consumer_name(view), view.waiting_since is not None
    if view.scheduled_at is not None:
        return f"A reply to {name} waits to be sent: it is a draft again. Press the key again to {verb} all the same."
    if model.compose.drafts.get(view.id):
        also = ", and they wait for an answer" if is_waiting else ""
        return f"Your draft to {name} is not sent{also}. Press the key again to {verb} all the same."
    return f"{name} waits for an answer. Press the key again to {verb} all the same." if is_waiting else None


def note(model: Model, view: ConversationView | None, text: str = "") -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to note something in."
    return requests.WriteNote(view.id, text)


def take_over(model: Model, view: ConversationView | None) -> Intent:
    if not model.agents.is_lead:
        return "Taking over is for leads."
    if view is None or is_new(view.id):
        return "There is no conversation here to take over."
    if view.state in ("closed", "wrap_up"):
        return "This conversation is closed."
    if is_mine(model, view):
        return "This conversation is already yours."
    return requests.TakeOver(view.id, view.agent or "")


def take_over_doubt(model: Model, view: ConversationView) -> str | None:
    if view.agent is None:
        return None
    return f"{agent_name(model, view.agent)} has {consumer_name(view)}. Press the key again to make it yours."


def join_or_leave(model: Model, view: ConversationView | None) -> Intent:
    if view is not None and have_joined(model, view):
        return requests.Leave(view.id)
    if not model.agents.is_lead:
        return "Joining is for leads."
    if view is None or is_new(view.id):
        return "There is no conversation here to join."
    if is_mine(model, view):
        return "This conversation is yours: you can write in it."
    if view.state != "assigned":
        return "It has no owner now, so there is no one to join."
    return requests.Join(view.id)


def reopen(model: Model, view: ConversationView | None) -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to reopen."
    if view.state == "wrap_up" and not in_my_wrap_up(model, view):
        return f"{agent_name(model, view.agent)} is wrapping it up."
    if view.state not in ("closed", "wrap_up"):
        return "This conversation is open."
    if view.state == "closed" and open_between(model, view.line, person(view)):
        return "They have written again: the list has the new conversation."
    return requests.Reopen(view.id)


def set_due(model: Model, view: ConversationView | None, words: str = "", keep: bool = False, now: int = 0) -> Intent:
    """`words` as `moments.parse_future` reads them; empty: as the rules say."""
    if reason := _not_mine(model, view, "put off"):
        return reason
    if not words.strip():
        return requests.SetDue(view.id if view else "", None)
    at = moments.parse_future(words, now)
    return moments.why_no_future(words, now) if at is None else requests.SetDue(view.id if view else "", at, keep)


def snooze(model: Model, view: ConversationView | None, words: str = "", now: int = 0) -> Intent:
    """`words` as `moments.parse_future` reads them; empty: it is awake again."""
    if reason := _not_mine(model, view, "snooze"):
        return reason
    at = moments.parse_future(words, now) if words.strip() else None
    if words.strip() and at is None:
        return moments.why_no_future(words, now)
    return requests.Snooze(view.id if view else "", at)


def mark_unread(model: Model, view: ConversationView | None) -> Intent:
    if view is not None and view.state == "queued":
        return requests.MarkUnread(view.id)
    return _not_mine(model, view, "mark") or requests.MarkUnread(view.id if view else "")


def explain(model: Model, view: ConversationView | None) -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to explain."
    return requests.Explain(view.id)


def _not_mine(model: Model, view: ConversationView | None, verb: str) -> str | None:
    """Why only another agent, or no agent, can do this."""
    if view is None:
        return f"There is no conversation here to {verb}."
    if is_new(view.id):
        return f"Nothing has been sent here yet: {model.keys.name('back')} leaves it, and the draft is kept."
    if view.state in ("closed", "wrap_up"):
        return "This conversation is closed already."
    if is_mine(model, view):
        return None
    if view.state in ("queued", "ringing"):
        accepts = model.keys.name("accept")
        return f"Only its owner can {verb} a conversation, and this one has none yet: accept it first ({accepts})."
    return f"Only its owner can {verb} a conversation: {agent_name(model, view.agent)} has this one."
