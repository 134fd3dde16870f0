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
from tui.model import alarms, answers, attachments, starting, transcripts
from tui.model.edits import drafted, said
from tui.model.state import (
    Asked,
    Explanation,
    KnownTargets,
    Model,
    Notice,
    Sending,
    SigningOff,
    Transcript,
    addressed,
    opened,
)

_WITH_ROW = (
    events.MessageReceived
    | events.ReplyWritten
    | events.NoteWritten
    | events.ReplyUndone
    | events.ConversationQueued
    | events.ConversationRang
    | events.ConversationAssigned
    | events.ConversationTransferred
    | events.ConversationTakenOver
    | events.ConversationJoined
    | events.ConversationLeft
    | events.DueSet
    | events.DueSoon
    | events.Overdue
    | events.WrapUpBegan
    | events.ConversationReopened
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


def asking(model: Model, request_id: str, body: requests.Request, now: int) -> Model:
    """A request left the agent's hands; a text takes its draft and its pictures along."""
    if isinstance(body, Sending):
        model = attachments.put_aside(drafted(model, addressed(body), ""), addressed(body), ())
    model = replace(model, asked=model.asked.set(request_id, Asked(request_id, body, now)))
    match body:
        case requests.GetHistory() if model.transcript is not None:
            return replace(model, transcript=replace(model.transcript, loading=True))
        case requests.GetTargets(conversation_id=conversation_id):
            if model.targets is None or model.targets.conversation_id != conversation_id:
                return replace(model, targets=KnownTargets(conversation_id))
        case requests.Explain(conversation_id=conversation_id):
            if model.explanation is None or model.explanation.conversation_id != conversation_id:
                return replace(model, explanation=Explanation(conversation_id))
        case requests.SignOff(leaving=leaving):
            by_hand = model.by_hand.union(one.conversation_id for one in leaving)
            return replace(model, signing_off=SigningOff(), by_hand=by_hand)
        case requests.Accept() | requests.GiveBack() | requests.Transfer():
            return replace(model, by_hand=model.by_hand | {body.conversation_id})
        case requests.UndoReply(message_id=message_id):
            shown = model.transcript.messages if model.transcript else ()
            if taken := next((message for message in reversed(shown) if message.id == message_id), None):
                return replace(model, taking=model.taking.set(message_id, (taken.conversation_id, taken.text)))
    return model


def asking_hooks(model: Model) -> Model:
    """The page of hooks was opened: what it showed last time is old."""
    return replace(model, hooks=None)


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
        case frames.SnapshotFrame():
            return _snapshot(model, frame)
        case frames.EventFrame():
            return _event(model, frame)
        case frames.AccountsFrame():
            return replace(model, accounts=tuple(frame.accounts))
        case frames.AnswerFrame():
            return answers.answered(model, frame)
        case frames.Refusal():
            return answers.refused(model, frame)


def _welcome(model: Model, frame: frames.Welcome) -> Model:
    model = replace(
        model,
        me=frame.agent,
        agents=model.agents.set(frame.agent.id, frame.agent),
        lines=tuple(frame.lines),
        reply_limit=frame.reply_limit,
        is_lead=frame.is_lead,
        away_reasons=tuple(frame.away_reasons),
        outcomes=tuple(frame.outcomes),
    )
    if frame.resumed and model.target is not None and model.position is not None and model.target <= model.position:
        return caught_up(model)
    return model


def _snapshot(model: Model, frame: frames.SnapshotFrame) -> Model:
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
    model = _alarmed(model, body)
    if isinstance(body, _WITH_ROW):
        model = _follow(starting.arrived(_row(model, body.conversation)), body.conversation)
    match body:
        case events.MessageReceived() | events.NoteWritten() | events.ReplyUndone():
            model = transcripts.put(model, body.message)
        case events.ReplyWritten(message=message):
            model = transcripts.put(_recognised(model, message), message)
        case events.ConversationAssigned(conversation=view):
            model = _settled(replace(model, lapsed=model.lapsed - {view.id}), view)
        case events.ConversationQueued(conversation=view) | events.ConversationRang(conversation=view):
            model = _settled(model, view)
        case events.PictureMoved(message_id=message_id, picture=picture):
            model = attachments.moved(model, message_id, picture)
        case events.StatusMoved():
            model = transcripts.moved(model, body)
        case events.ConsentChanged():
            model = _consent(model, body)
        case events.AgentChanged(agent=agent):
            mine = model.me is not None and model.me.id == agent.id
            model = replace(model, agents=model.agents.set(agent.id, agent), me=agent if mine else model.me)
    if model.target is None:
        return model
    model = replace(model, caught_up=model.caught_up + 1)
    return caught_up(model) if frame.position >= (model.target or 0) else model


def _alarmed(model: Model, body: events.Event) -> Model:
    """What is caught up is told as a whole; a fault that nobody has read stays."""
    found = alarms.alarm(model, body) if model.target is None and model.complete else None
    if found is None:
        return model
    if model.notice is None or not model.notice.bad:
        model = said(model, Notice(found.words))
    return replace(model, alarms=model.alarms + 1) if found.bell else model


def _settled(model: Model, view: ConversationView) -> Model:
    """It has come where this desk wanted it, or elsewhere."""
    return replace(model, by_hand=model.by_hand - {view.id}) if view.id in model.by_hand else model


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


def _consent(model: Model, body: events.ConsentChanged) -> Model:
    changed = {
        view.id: replace(view, opted_out=body.opted_out)
        for view in model.conversations.values()
        if view.consumer == body.consumer
    }
    return replace(model, conversations=model.conversations.update(changed)) if changed else model
