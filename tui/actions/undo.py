"""What the undo key is about: the reply sent last or the conversation closed last, in the shown one first."""

from __future__ import annotations

from msgspec import Struct

from connector.wire import requests
from connector.wire.views import ScheduledView
from tui.actions.conversation import Intent
from tui.model.conversations import (
    consumer_name,
    open_conversation,
    recipient,
    undo_window_ms,
    undoable_elsewhere,
    undoable_reply,
)
from tui.model.marked import BulkRun
from tui.model.pending import unanswered_text
from tui.model.state import LinkPhase, Model, Sending


class HeldUndo(Struct, frozen=True):
    """The undo of a text whose message the core has not named yet: it waits for the answer to this request."""

    request_id: str


class Elsewhere(Struct, frozen=True):
    """What an undo is about, where that is in another conversation than the shown one."""

    conversation_id: str
    name: str  # of the consumer
    doubt: str  # what the agent is asked


def undo(model: Model, now: int) -> Intent | HeldUndo | BulkRun:
    """Undo what was done last with several conversations at once, unless something else came after it: `undo_of_one`.
    A run as it is answered with is the one to be undone, or to be stopped while it runs."""
    run, intent = model.bulk, undo_of_one(model, now)
    if run is None or not (run.runs or ((run.done or run.undo) and not run.is_undo)):
        return intent
    if run.ended_at is None or isinstance(intent, str):
        return run
    return run if run.ended_at > _at(model, intent, now) else intent


def _at(model: Model, intent: Intent | HeldUndo, now: int) -> int:
    """When that was which an undo is about."""
    match intent:
        case HeldUndo(request_id=request_id):
            return model.pending[request_id].asked_at + model.connection.clock_ahead_ms
        case requests.UndoReply(message_id=message_id):
            shown, sent = undoable_reply(model), model.compose.sent
            at = shown.at if shown is not None and shown.id == message_id else None
            return at if at is not None else sent.at if sent is not None else now
        case requests.CancelScheduled(scheduled_id=scheduled_id):
            waiting = _latest_scheduled(model)
            return waiting.at if waiting is not None and waiting.id == scheduled_id else now
        case requests.Reopen(conversation_id=conversation_id):
            view = model.conversations.by_id.get(conversation_id)
            return view.closed_at or now if view is not None else now
    return now


def undo_of_one(model: Model, now: int) -> Intent | HeldUndo:
    """Undo what came last in the shown conversation, that it was closed or the reply sent last; else what this desk
    closed or sent last elsewhere."""
    if (unanswered := unanswered_text(model, is_shown=True)) is not None:
        return HeldUndo(unanswered[0].id)
    view, sent, elsewhere = open_conversation(model), undoable_reply(model), undoable_elsewhere(model, now)
    closed = model.conversations.by_id.get(model.conversations.last_closed or "")
    closed = closed if closed is not None and closed.state in ("closed", "wrap_up") else None
    closed_at = None if closed is None else closed.closed_at or now
    is_shown = closed is not None and closed.id == model.shown
    if closed is not None and closed_at is not None and is_shown and (sent is None or closed_at > sent.at):
        return requests.Reopen(closed.id)
    if (waiting := _latest_scheduled(model)) is not None and (sent is None or waiting.at > sent.at):
        return requests.CancelScheduled(waiting.id)
    # A transcript that was left may show a reply as waiting that has gone since.
    window_ms = undo_window_ms(model, view) if view is not None else 0
    is_over = elsewhere is not None and sent is not None and now >= sent.at + window_ms
    if sent is not None and not is_over:
        return "It is being undone." if sent.id in model.compose.undoing else requests.UndoReply(sent.id)
    if (unanswered := unanswered_text(model, is_shown=False)) is not None:
        asked_at = unanswered[0].asked_at + model.connection.clock_ahead_ms
        if closed_at is None or closed_at < asked_at:
            return HeldUndo(unanswered[0].id)
    if elsewhere is not None and (closed_at is None or closed_at < elsewhere[1].at):
        return requests.UndoReply(elsewhere[1].message_id)
    if closed is not None:
        return requests.Reopen(closed.id)
    if view is None or not undo_window_ms(model, view):
        return "There is nothing to undo."
    seconds = undo_window_ms(model, view) // 1000
    return f"There is nothing to undo: a text can be undone for {seconds} s after it was sent."


def _latest_scheduled(model: Model) -> ScheduledView | None:
    """The agent's reply in the shown conversation that waits for its moment; of several the one written last."""
    me, shown = model.agents.me, model.transcript
    own = [one for one in (shown.scheduled if shown is not None else ()) if me is not None and one.author == me.id]
    return max(own, key=lambda one: one.id, default=None)


def undone_elsewhere(model: Model, intent: Intent | HeldUndo | BulkRun, now: int) -> Elsewhere | None:
    """What an undo is about, if another conversation is shown."""
    match intent:
        case HeldUndo(request_id=request_id):
            body = model.pending[request_id].body
            if not isinstance(body, Sending) or recipient(body) == model.shown:
                return None
            name = _name(model, body)
            return Elsewhere(
                recipient(body), name, f"The reply to {name} is not with the core yet. Press the key again to undo it."
            )
        case requests.UndoReply(message_id=message_id):
            found = undoable_elsewhere(model, now)
            if found is None or found[0].id == model.shown or found[1].message_id != message_id:
                return None
            view, sent = found
            seconds = -(-(sent.at + undo_window_ms(model, view) - now) // 1000)
            name = consumer_name(view)
            return Elsewhere(
                view.id, name, f"The reply to {name} can still be undone, {seconds} s. Press the key again to undo it."
            )
        case requests.Reopen(conversation_id=conversation_id) if conversation_id != model.shown:
            name = consumer_name(model.conversations.by_id[conversation_id])
            return Elsewhere(
                conversation_id, name, f"What you closed last is {name}. Press the key again to reopen it."
            )
    return None


def held_words(model: Model, held: HeldUndo) -> str:
    """What becomes of a text whose undo is held."""
    body = model.pending[held.request_id].body
    what = "It"
    if isinstance(body, Sending) and recipient(body) != model.shown:
        what = f"The reply to {_name(model, body)}"
    if model.connection.phase is LinkPhase.LINKED:
        return f"{what} is undone as soon as the core has it."
    when = "the core answers" if model.connection.phase is LinkPhase.SILENT else "the link is back"
    return f"{what} is undone once {when}, unless the core has it already and sends it before."


def _name(model: Model, body: Sending) -> str:
    """The consumer that a text is for."""
    if isinstance(body, requests.Start):
        return body.consumer
    view = model.conversations.by_id.get(body.conversation_id)
    return body.conversation_id if view is None else consumer_name(view)
