"""The whole desk as frozen values, and how each frame of the core changes them. Pure: no screen, clock or socket.

`fold(model, frame, now)` gives the next model. What nobody changed stays the same object, so a widget is repainted
only when the value it shows is another one. Times are milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable

from immutables import Map
from msgspec.structs import replace

from connector.wire import events, frames, requests
from connector.wire.views import ConversationView, MessageView
from tui import attaching, starting
from tui.state import Asked, Model, Notice, Sending, Transcript, addressed, opened

_WITH_ROW = (
    events.MessageReceived
    | events.ReplyWritten
    | events.ConversationQueued
    | events.ConversationAssigned
    | events.ConversationRead
    | events.ConversationClosed
)


def under_way(model: Model) -> tuple[tuple[Asked, Sending], ...]:
    """Texts sent and not answered, oldest first: what a crash must not lose."""
    sent = [(ask, ask.body) for ask in model.asked.values() if isinstance(ask.body, Sending)]
    return tuple(sorted(sent, key=lambda pair: (pair[0].at, pair[0].id)))


def pale_replies(model: Model) -> tuple[tuple[Asked, Sending], ...]:
    """The texts under way to the open conversation that its transcript does not have yet."""
    if model.transcript is None:
        return ()
    shown = model.transcript.conversation_id
    return tuple((ask, body) for ask, body in under_way(model) if ask.message_id is None and addressed(body) == shown)


def said(model: Model, notice: Notice) -> Model:
    return replace(model, notice=notice)


def quiet(model: Model) -> Model:
    return model if model.notice is None else replace(model, notice=None)


def asking(model: Model, request_id: str, body: requests.Request, now: int) -> Model:
    """A request left the agent's hands; a text takes its draft and its pictures along."""
    if isinstance(body, Sending):
        model = attaching.put_aside(drafted(model, addressed(body), ""), addressed(body), ())
    asked = model.asked.set(request_id, Asked(request_id, body, now))
    shown = model.transcript
    if shown is not None and isinstance(body, requests.GetHistory):
        shown = replace(shown, loading=True)
    return replace(model, asked=asked, transcript=shown)


def asking_hooks(model: Model) -> Model:
    """The page of hooks was opened: what it showed last time is old."""
    return replace(model, hooks=None)


def drafted(model: Model, conversation_id: str, text: str) -> Model:
    """The text in the compose pane is now this."""
    if model.drafts.get(conversation_id, "") == text:
        return model
    if text:
        return replace(model, drafts=model.drafts.set(conversation_id, text))
    return replace(model, drafts=model.drafts.delete(conversation_id))


def opening(model: Model, conversation_id: str) -> Model:
    """Show this conversation; what was loaded of its consumer is kept."""
    view = model.conversations[conversation_id]
    old = model.transcript
    if old is not None and old.consumer == view.consumer:
        return replace(model, transcript=replace(old, conversation_id=conversation_id))
    return replace(model, transcript=Transcript(conversation_id, view.consumer))


def caught_up(model: Model) -> Model:
    """The tail after a reconnection is in: say how long it was."""
    count = model.caught_up
    words = "back: nothing missed" if count == 0 else f"back: {count:,} event{'s' * (count != 1)} caught up"
    return replace(said(model, Notice(words)), target=None, caught_up=0)


def touched(model: Model, frame: frames.FromCore) -> Iterable[str]:
    """Ids of the conversations whose row `frame` changes, seen from the model before it. Not for snapshots."""
    match frame:
        case frames.EventFrame(body=events.ConsentChanged(consumer=consumer)):
            return [view.id for view in model.conversations.values() if view.consumer == consumer]
        case frames.EventFrame(body=body) if isinstance(body, _WITH_ROW):
            return (body.conversation.id,)
    return ()


def fold(model: Model, frame: frames.FromCore, now: int) -> Model:
    match frame:
        case frames.Hello():
            return replace(model, ahead=frame.server_at - now, target=frame.position, caught_up=0, filling=False)
        case frames.Welcome():
            return _welcome(model, frame)
        case frames.Snapshot():
            return _snapshot(model, frame)
        case frames.EventFrame():
            return _event(model, frame)
        case frames.Accounts():
            return replace(model, accounts=tuple(frame.accounts))
        case frames.AnswerFrame():
            return _answer(model, frame)
        case frames.Refusal():
            return _refusal(model, frame)


def _welcome(model: Model, frame: frames.Welcome) -> Model:
    model = replace(
        model,
        me=frame.agent,
        agents=model.agents.set(frame.agent.id, frame.agent),
        lines=tuple(frame.lines),
        reply_limit=frame.reply_limit,
    )
    if frame.resumed and model.target is not None and model.position is not None and model.target <= model.position:
        return caught_up(model)
    return model


def _snapshot(model: Model, frame: frames.Snapshot) -> Model:
    """The first frame empties the lists: what a desk remembers, a core may have forgotten."""
    agents, conversations = model.agents, model.conversations
    if not model.filling:
        agents, conversations = Map({agent.id: agent for agent in frame.agents}), Map()
    conversations = conversations.update({view.id: view for view in frame.conversations})
    again = model.again if model.filling else model.complete
    model = replace(
        model, agents=agents, conversations=conversations, position=frame.position, filling=frame.more, again=again
    )
    if frame.more:
        return replace(model, complete=False)
    shown = model.transcript
    if shown is not None:
        is_there = shown.conversation_id in conversations
        is_start = model.starting is not None and shown.conversation_id == model.starting.id
        shown = replace(shown, stale=True) if is_there else shown if is_start else None
    me = agents.get(model.me.id, model.me) if model.me else None
    model = replace(model, complete=True, again=False, target=None, caught_up=0, transcript=shown, me=me)
    return said(model, Notice("back: started afresh from a snapshot")) if again else model


def _event(model: Model, frame: frames.EventFrame) -> Model:
    model = replace(model, position=frame.position)
    body = frame.body
    if isinstance(body, _WITH_ROW):
        model = _follow(starting.arrived(_row(model, body.conversation)), body.conversation)
    match body:
        case events.MessageReceived(message=message):
            model = _message(model, message)
        case events.ReplyWritten(message=message):
            model = _message(_recognised(model, message), message)
        case events.PictureMoved(message_id=message_id, picture=picture):
            model = attaching.moved(model, message_id, picture)
        case events.StatusMoved():
            model = _status(model, body)
        case events.ConsentChanged():
            model = _consent(model, body)
        case events.AgentChanged(agent=agent):
            mine = model.me is not None and model.me.id == agent.id
            model = replace(model, agents=model.agents.set(agent.id, agent), me=agent if mine else model.me)
    if model.target is None:
        return model
    model = replace(model, caught_up=model.caught_up + 1)
    return caught_up(model) if frame.position >= (model.target or 0) else model


def _row(model: Model, view: ConversationView) -> Model:
    old = model.conversations.get(view.id)
    if old is not None and old.version > view.version:
        return model
    return replace(model, conversations=model.conversations.set(view.id, view))


def _follow(model: Model, view: ConversationView) -> Model:
    """Whoever looks at a closed conversation sees the next one of the same consumer and line as soon as it opens."""
    old, shown = opened(model), model.transcript
    if old is None or shown is None or old.state != "closed" or view.state == "closed" or view.id == old.id:
        return model
    if (old.consumer, old.line) != (view.consumer, view.line):
        return model
    return said(replace(model, transcript=replace(shown, conversation_id=view.id)), Notice("They have written again."))


def _message(model: Model, message: MessageView) -> Model:
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


def _recognised(model: Model, message: MessageView) -> Model:
    """The event of a reply may come before the answer to its request; then the pale row has done its work."""
    if model.me is None or message.author != model.me.id:
        return model
    for ask, body in under_way(model):
        if ask.message_id is None and body.text == message.text and _is_for(body, message):
            return replace(model, asked=model.asked.set(ask.id, replace(ask, message_id=message.id)))
    return model


def _is_for(body: Sending, message: MessageView) -> bool:
    if isinstance(body, requests.Reply):
        return body.conversation_id == message.conversation_id
    return (body.line, body.consumer) == (message.line, message.consumer)


def _status(model: Model, body: events.StatusMoved) -> Model:
    shown = model.transcript
    if shown is None:
        return model
    for index in range(len(shown.messages) - 1, -1, -1):
        message = shown.messages[index]
        if message.id == body.message_id:
            moved = replace(
                message,
                status=body.status,
                status_at=body.status_at,
                code=body.code or message.code,
                words=body.words or message.words,
            )
            messages = (*shown.messages[:index], moved, *shown.messages[index + 1 :])
            return replace(model, transcript=replace(shown, messages=messages))
    return model


def _consent(model: Model, body: events.ConsentChanged) -> Model:
    changed = {
        view.id: replace(view, opted_out=body.opted_out)
        for view in model.conversations.values()
        if view.consumer == body.consumer
    }
    return replace(model, conversations=model.conversations.update(changed)) if changed else model


def _answer(model: Model, frame: frames.AnswerFrame) -> Model:
    ask = model.asked.get(frame.id)
    if ask is None:
        return model
    model = replace(model, asked=model.asked.delete(frame.id))
    match frame.body, ask.body:
        case requests.History() as history, requests.GetHistory() as wanted:
            return _history(model, history, wanted)
        case requests.Hooks(hooks=hooks), _:
            return replace(model, hooks=tuple(hooks))
        case requests.Traffic(lines=lines), _:
            return replace(model, traffic=tuple(lines))
        case requests.PictureKept(picture_id=picture_id), _:
            return attaching.handed_over(model, frame.id, picture_id)
        case requests.Picture(data=data), requests.GetPicture(picture_id=picture_id):
            return attaching.came(model, picture_id, data)
        case requests.Started(conversation_id=conversation_id), requests.Start() as start:
            shown = model.transcript
            if shown is None or shown.conversation_id != addressed(start):
                return said(model, Notice(f"Written to {start.consumer}; the conversation is yours."))
            return starting.started(model, conversation_id)
        case requests.Written(message_id=message_id), requests.Reply() as reply:
            return _written(model, message_id, reply, ask)
    return model


def _written(model: Model, message_id: str, reply: requests.Reply, ask: Asked) -> Model:
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
    return _message(model, message)


def _history(model: Model, history: requests.History, wanted: requests.GetHistory) -> Model:
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


def _refusal(model: Model, frame: frames.Refusal) -> Model:
    ask = model.asked.get(frame.id)
    if ask is None:
        return model
    model = replace(model, asked=model.asked.delete(frame.id))
    match ask.body:
        case requests.Reply() | requests.Start() as sent:
            newer = model.drafts.get(addressed(sent), "")
            model = drafted(model, addressed(sent), "\n".join(filter(None, (sent.text, newer))))
            if isinstance(sent, requests.Reply) and sent.pictures:
                model = attaching.brought_back(model, sent)
            return said(model, Notice(f"Not sent: {frame.words}", bad=True))
        case requests.MarkRead():
            return model  # nobody asked for it by hand
        case requests.PutPicture():
            model = attaching.handed_over(model, frame.id, None)
        case requests.GetPicture(picture_id=picture_id):
            return attaching.came(model, picture_id, None, frame.words)
        case requests.GetHistory() if model.transcript is not None:
            model = replace(model, transcript=replace(model.transcript, loading=False))
    return said(model, Notice(frame.words, bad=True))
