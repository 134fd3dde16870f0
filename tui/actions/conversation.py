"""What an agent does to a conversation besides answering it, as a request or as the reason why not. Pure."""

from __future__ import annotations

from connector.base import moments
from connector.wire import requests
from connector.wire.views import ConversationView
from tui.actions.intents import Intent, not_mine
from tui.model.conversations import (
    agent_name,
    have_joined,
    in_my_wrap_up,
    is_mine,
    is_new,
    open_between,
    open_conversation,
    rings_here,
    undo_window_ms,
    undoable_reply,
)
from tui.model.state import Model


def decline(model: Model, view: ConversationView | None) -> Intent:
    if view is None or not rings_here(model, view):
        return "Nothing rings at you here."
    return requests.Decline(view.id)


def hand_over(
    model: Model, view: ConversationView | None, skill: str | None = None, agent: str | None = None, note: str = ""
) -> Intent:
    return not_mine(model, view, "hand over") or requests.Transfer(view.id if view else "", skill, agent, note)


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
    return requests.TakeOver(view.id)


def beside(model: Model, view: ConversationView | None) -> Intent:
    """Write beside the owner, or no longer."""
    if view is not None and have_joined(model, view):
        return requests.Leave(view.id)
    if not model.agents.is_lead:
        return "Joining is for leads."
    if view is None or is_new(view.id):
        return "There is no conversation here to join."
    if is_mine(model, view):
        return "This conversation is yours: you can write in it."
    if view.state != "assigned":
        return "Nobody has this conversation now, so there is nobody to join."
    return requests.Join(view.id)


def undo(model: Model, now: int) -> Intent:
    """Take back what was sent last in the open conversation, or take up again what this desk closed last."""
    view = open_conversation(model)
    closed = model.conversations.by_id.get(model.conversations.last_closed or "")
    sent = undoable_reply(model)
    is_closed = closed is not None and closed.state in ("closed", "wrap_up")
    if closed is not None and is_closed and (sent is None or (closed.closed_at or now) > sent.at):
        return requests.Reopen(closed.id)
    if sent is not None:
        return requests.UndoReply(sent.id)
    if view is None or not undo_window_ms(model, view):
        return "There is nothing to undo."
    seconds = undo_window_ms(model, view) // 1000
    return f"There is nothing to undo: a text can be taken back for {seconds} s after it was sent."


def reopen(model: Model, view: ConversationView | None) -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to reopen."
    if view.state == "wrap_up" and not in_my_wrap_up(model, view):
        return f"{agent_name(model, view.agent)} is wrapping it up."
    if view.state not in ("closed", "wrap_up"):
        return "This conversation is open."
    if view.state == "closed" and open_between(model, view.line, view.consumer):
        return "They have written again: the list has the new conversation."
    return requests.Reopen(view.id)


def set_due(model: Model, view: ConversationView | None, words: str = "", keep: bool = False, now: int = 0) -> Intent:
    """`words` as `moments.moment` reads them; empty: as the rules say."""
    if reason := not_mine(model, view, "put off"):
        return reason
    if not words.strip():
        return requests.SetDue(view.id if view else "", None)
    at = moments.parse_future(words, now)
    return moments.HELP if at is None else requests.SetDue(view.id if view else "", at, keep)


def explain(view: ConversationView | None) -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to explain."
    return requests.Explain(view.id)
