"""Requests the core has not answered: what changes when one is made, and the texts among them."""

from __future__ import annotations

from msgspec.structs import replace

from connector.wire import administration, answers, frames, requests
from connector.wire.masks import is_shown_as
from connector.wire.saved_replies import PutSavedReply
from connector.wire.views import MessageView
from tui.model import compose
from tui.model.conversations import line_undo_ms, person, recipient
from tui.model.state import (
    Explanation,
    Model,
    OverflowText,
    PendingRequest,
    PendingSignOff,
    Sending,
    TransferTargets,
    UnmaskedText,
)


def asked(model: Model, request_id: str, body: requests.Request, now: int) -> Model:
    """The agent has asked for something; a text takes its draft and its attachments along."""
    model = replace(model, pending=model.pending.set(request_id, PendingRequest(request_id, body, now)))
    if isinstance(body, Sending):
        left = compose.set_draft(model.compose, recipient(body), "")
        model = replace(model, compose=compose.set_attachments(left, recipient(body), ()))
        return _move_asked(model, body.conversation_id) if isinstance(body, requests.Reply) and body.accept else model
    match body:
        case requests.GetHistory() if model.transcript is not None and body.conversation_id == model.shown:
            return replace(model, transcript=replace(model.transcript, is_loading=True))
        case requests.GetTargets(conversation_id=conversation_id):
            known = model.fetched.targets
            if known is None or known.conversation_id != conversation_id:
                return replace(model, fetched=replace(model.fetched, targets=TransferTargets(conversation_id)))
        case requests.Explain(conversation_id=conversation_id):
            shown = model.fetched.explanation
            if shown is None or shown.conversation_id != conversation_id:
                return replace(model, fetched=replace(model.fetched, explanation=Explanation(conversation_id)))
        case requests.GetOverflow(message_id=message_id):
            return replace(model, fetched=replace(model.fetched, overflow=OverflowText(message_id)))
        case PutSavedReply():
            return replace(model, fetched=replace(model.fetched, stored_reply=None))
        case administration.Unmask(message_id=message_id):
            unmasked = model.fetched.unmasked.set(message_id, UnmaskedText())
            return replace(model, fetched=replace(model.fetched, unmasked=unmasked))
        case requests.SignOff(leaving=leaving):
            model = replace(model, agents=replace(model.agents, sign_off=PendingSignOff()))
            return _move_asked(model, *(one.conversation_id for one in leaving))
        case requests.Accept() | requests.Decline() | requests.GiveBack() | requests.Transfer():
            return _move_asked(model, body.conversation_id)
        case requests.MarkUnread(conversation_id=conversation_id):
            if model.shown == conversation_id:
                return replace(model, is_entered=False)  # while it is open, it counts as being read
        case requests.UndoReply(message_id=message_id):
            messages = model.transcript.messages if model.transcript else ()
            typed, sent = dict(model.compose.typed), model.compose.sent
            if undone := next((message for message in reversed(messages) if message.id == message_id), None):
                # A masked text is no draft: what is typed is what is sent.
                text = typed.get(message_id, "" if undone.masked else undone.text)
                return _undoing(model, message_id, undone.conversation_id, text)
            if sent is not None and sent.message_id == message_id:  # in another conversation than the shown one
                return _undoing(model, message_id, sent.conversation_id, typed.get(message_id, ""))
    return model


def _undoing(model: Model, message_id: str, conversation_id: str, text: str) -> Model:
    undoing = model.compose.undoing.set(message_id, (conversation_id, text))
    return replace(model, compose=replace(model.compose, undoing=undoing))


def _move_asked(model: Model, *conversation_ids: str) -> Model:
    moves = model.conversations.moves_asked.union(conversation_ids)
    return replace(model, conversations=replace(model.conversations, moves_asked=moves))


def hold_undo(model: Model, request_id: str) -> Model:
    """The agent undoes a text before the core has said which message it is."""
    request = replace(model.pending[request_id], is_undone=True)
    return replace(model, pending=model.pending.set(request_id, request))


def named_to_undo(model: Model, frame: frames.FromCore) -> str | None:
    """The message that `frame` names, if the agent has undone it before; `model` is as it was before the frame."""
    match frame:
        case frames.AnswerFrame(id=request_id, body=answers.Written(message_id=message_id)):
            request = model.pending.get(request_id)
        case frames.AnswerFrame(id=request_id, body=answers.Started(message_id=message_id)):
            request = model.pending.get(request_id)
        case _:
            return None
    return message_id if request is not None and request.is_undone else None


def is_pending(model: Model, body: requests.Request) -> bool:
    """Whether exactly this is asked already."""
    return any(pending.body == body for pending in model.pending.values())


def unanswered_texts(model: Model) -> tuple[tuple[PendingRequest, Sending], ...]:
    """Texts that a crash must not lose, oldest first."""
    sent = [(pending, pending.body) for pending in model.pending.values() if isinstance(pending.body, Sending)]
    return tuple(sorted(sent, key=lambda pair: (pair[0].asked_at, pair[0].id)))


def unanswered_text(model: Model, *, is_shown: bool) -> tuple[PendingRequest, Sending] | None:
    """The text sent last, in the shown conversation or elsewhere, that the core has not answered; on a line where texts
    can be undone."""
    for request, body in reversed(unanswered_texts(model)):
        if (recipient(body) == model.shown) is is_shown and line_undo_ms(model, _line(model, body)):
            return request, body
    return None


def _line(model: Model, body: Sending) -> str:
    """The line of ours that a text leaves from."""
    if isinstance(body, requests.Start):
        return body.line
    view = model.conversations.by_id.get(body.conversation_id)
    return "" if view is None else view.line


def pending_replies(model: Model) -> tuple[tuple[PendingRequest, Sending], ...]:
    """The unanswered texts of the shown conversation that its transcript does not have."""
    shown = model.shown
    return tuple(
        (pending, body)
        for pending, body in unanswered_texts(model)
        if pending.message_id is None and recipient(body) == shown
    )


def recognised(model: Model, message: MessageView) -> Model:
    """The event of a reply came before the answer to its request: the reply is not pending in the transcript."""
    me = model.agents.me
    if me is None or message.author != me.id:
        return model
    for pending, body in unanswered_texts(model):
        if pending.message_id is None and is_shown_as(body.text, message.text) and _is_for(body, message):
            seen = replace(pending, message_id=message.id)
            return replace(model, pending=model.pending.set(pending.id, seen))
    return model


def _is_for(body: Sending, message: MessageView) -> bool:
    if isinstance(body, requests.Reply):
        return body.conversation_id == message.conversation_id
    return body.line == message.line and body.consumer in (message.consumer, person(message))
