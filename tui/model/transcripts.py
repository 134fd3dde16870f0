"""The messages of the open transcript, as facts and answers change them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from connector.wire import answers, events, requests
from connector.wire.views import MessageView
from tui.model.state import Asked, Model


def put(model: Model, message: MessageView) -> Model:
    """Put a message where its id says, which nearly always is the end."""
    shown = model.transcript
    if shown is None or shown.consumer != message.consumer:
        return model
    messages = shown.messages
    is_last = not messages or messages[-1].id < message.id
    messages = (*messages, message) if is_last else _joined(messages, (message,))
    return replace(model, transcript=replace(shown, messages=messages))


def _joined(some: Iterable[MessageView], others: Iterable[MessageView]) -> tuple[MessageView, ...]:
    by_id = {message.id: message for message in some}
    by_id.update((message.id, message) for message in others)
    return tuple(by_id[message_id] for message_id in sorted(by_id))


def moved(model: Model, body: events.StatusMoved) -> Model:
    """A reply came further on its way."""
    shown = model.transcript
    if shown is None:
        return model
    for index in range(len(shown.messages) - 1, -1, -1):
        message = shown.messages[index]
        if message.id == body.message_id:
            now = replace(
                message,
                status=body.status,
                status_at=body.status_at,
                code=body.code or message.code,
                words=body.words or message.words,
            )
            messages = (*shown.messages[:index], now, *shown.messages[index + 1 :])
            return replace(model, transcript=replace(shown, messages=messages))
    return model


def written(model: Model, message_id: str, reply: requests.Reply, ask: Asked) -> Model:
    """The core has the reply. Until its event comes, the transcript shows it by the answer alone."""
    shown, view = model.transcript, model.conversations.get(reply.conversation_id)
    if shown is None or view is None or shown.consumer != view.consumer:
        return model
    if any(message.id == message_id for message in shown.messages):
        return model
    at = ask.at + model.ahead
    message = MessageView(
        id=message_id,
        conversation_id=view.id,
        seq=view.last_seq + 1,
        direction="reply",
        line=view.line,
        consumer=view.consumer,
        text=reply.text,
        at=at,
        status="queued",
        status_at=at,
        author=model.me.id if model.me else None,
        code=None,
        words=None,
        encoding="",
        segments=0,
        overflow=0,
        part=None,
    )
    return put(model, message)


def loaded(model: Model, history: answers.History, wanted: requests.GetHistory) -> Model:
    """A page of older messages came, or the first one."""
    shown = model.transcript
    asked_for = model.conversations.get(wanted.conversation_id)
    if shown is None or asked_for is None or asked_for.consumer != shown.consumer:
        return model
    if wanted.before is None and shown.stale:
        messages: tuple[MessageView, ...] = tuple(history.messages)
    elif wanted.before is None or (shown.messages and shown.messages[0].id == wanted.before):
        messages = _joined(history.messages, shown.messages)  # what was told live is never the older one
    else:
        return model  # older than something that is not shown any more: it would leave a gap
    return replace(model, transcript=replace(shown, messages=messages, more=history.more, loading=False, stale=False))


def seen(model: Model, conversation_id: str) -> int:
    """The `seq` of the last message of others that the transcript shows of a conversation; 0 for none.

    One's own do not count: until its event has come, the place of a reply is a guess.
    """
    me = model.me.id if model.me else None
    messages = model.transcript.messages if model.transcript else ()
    for message in reversed(messages):
        if message.conversation_id == conversation_id and (message.direction == "inbound" or message.author != me):
            return message.seq
    return 0
