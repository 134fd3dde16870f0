"""How each frame from the core changes the model. `fold(model, frame, now)` gives the next model.

What did not change stays the same object, so a widget is repainted only when the value it shows is another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from immutables import Map
from msgspec.structs import replace

from connector.wire import events, frames
from connector.wire.views import ConversationView, MessageView
from tui.model import alarms, answers, new_conversation, pending, transcripts
from tui.model.conversations import open_conversation, person
from tui.model.notices import set_notice
from tui.model.state import ConversationEvent, Model, Notice, Settings


def fold(model: Model, frame: frames.FromCore, now: int) -> Model:
    match frame:
        case frames.Hello():
            return _hello(model, frame, now)
        case frames.Welcome():
            return _welcome(model, frame)
        case frames.SnapshotFrame():
            return _snapshot(model, frame)
        case frames.EventFrame():
            return _event(model, frame)
        case frames.PositionFrame():
            return _position(model, frame)
        case frames.AccountsFrame():
            return replace(model, providers=replace(model.providers, accounts=tuple(frame.accounts)))
        case frames.AnswerFrame():
            return answers.answered(model, frame)
        case frames.Refusal():
            return answers.refused(model, frame)


def changed_rows(model: Model, frame: frames.FromCore) -> Iterable[str]:
    """Ids of the conversations that `frame` changes, as seen from the model before it. Not for snapshots."""
    match frame:
        case frames.EventFrame(body=events.ConsentChanged(consumer=consumer, conversation=changed)):
            known = [view.id for view in _with(model, consumer, changed)]
            return known if changed is None or changed.id in known else [*known, changed.id]
        case frames.EventFrame(body=events.ConversationHidden(conversation_id=hidden)):
            return (hidden,)
        case frames.EventFrame(body=body) if isinstance(body, ConversationEvent):
            return (body.conversation.id,)
    return ()


def caught_up(model: Model) -> Model:
    """The events missed during a lost connection are here: say how many they were."""
    count = model.connection.caught_up
    words = "back: nothing missed" if count == 0 else f"back: {count:,} event{'s' * (count != 1)} caught up"
    connection = replace(model.connection, catch_up_to=None, caught_up=0)
    return set_notice(replace(model, connection=connection), Notice(words))


def _hello(model: Model, frame: frames.Hello, now: int) -> Model:
    connection = replace(
        model.connection,
        clock_ahead_ms=frame.server_at - now,
        catch_up_to=frame.position,
        caught_up=0,
        in_snapshot=False,
    )
    return replace(model, connection=connection)


def _welcome(model: Model, frame: frames.Welcome) -> Model:
    known = model.agents.by_id.set(frame.agent.id, frame.agent)
    connection = model.connection
    if frame.position is not None:
        connection = replace(connection, catch_up_to=frame.position)
    model = replace(
        model,
        connection=connection,
        agents=replace(model.agents, me=frame.agent, is_lead=frame.is_lead, by_id=known),
        providers=replace(model.providers, lines=tuple(frame.lines)),
        settings=Settings(frame.reply_limit, tuple(frame.away_reasons), tuple(frame.outcomes)),
    )
    position, target = model.connection.position, model.connection.catch_up_to
    is_caught_up = frame.resumed and target is not None and position is not None and target <= position
    return caught_up(model) if is_caught_up else model


def _snapshot(model: Model, frame: frames.SnapshotFrame) -> Model:
    """The first frame empties the lists: the core may have forgotten what the desk remembers."""
    before = model.connection
    agents, views = model.agents.by_id, model.conversations.by_id
    if not before.in_snapshot:
        agents, views = Map({agent.id: agent for agent in frame.agents}), Map()
    views = views.update({view.id: view for view in frame.conversations})
    is_resync = before.is_resync if before.in_snapshot else before.is_complete
    connection = replace(
        before,
        position=frame.position,
        is_complete=not frame.more,
        in_snapshot=frame.more,
        is_resync=is_resync and frame.more,
    )
    model = replace(
        model,
        agents=replace(model.agents, by_id=agents),
        conversations=replace(model.conversations, by_id=views),
        connection=connection,
    )
    if frame.more:
        return model
    me = model.agents.me
    model = _transcript_after_snapshot(
        replace(
            model,
            connection=replace(connection, catch_up_to=None, caught_up=0),
            agents=replace(model.agents, me=agents.get(me.id, me) if me else None),
        )
    )
    return set_notice(model, Notice("back: started afresh from a snapshot")) if is_resync else model


def _transcript_after_snapshot(model: Model) -> Model:
    shown, conversations = model.transcript, model.conversations
    if shown is None:
        return model
    if shown.conversation_id in conversations.by_id:
        return replace(model, transcript=replace(shown, is_stale=True, is_refused=False))
    is_new = conversations.new is not None and shown.conversation_id == conversations.new.id
    return model if is_new else replace(model, transcript=None)


def _event(model: Model, frame: frames.EventFrame) -> Model:
    body = frame.body
    model = _alarm(model, body)
    model = replace(model, connection=replace(model.connection, position=frame.position))
    if isinstance(body, ConversationEvent):
        model = _follow(new_conversation.show_opened(_row(model, body.conversation)), body.conversation)
    match body:
        case events.MessageReceived() | events.NoteWritten() | events.ReplyUndone():
            model = _message(model, body.message)
        case events.SendFailed() | events.SendArrived():
            model = _message(model, body.message)
        case events.ReplyWritten(message=message):
            model = _message(pending.recognised(model, message), message)
        case events.ConversationAssigned(conversation=view):
            lapsed = model.conversations.lapsed - {view.id}
            model = _moved(replace(model, conversations=replace(model.conversations, lapsed=lapsed)), view)
        case events.ConversationQueued(conversation=view) | events.ConversationRang(conversation=view):
            model = _moved(model, view)
        case events.PictureMoved() if model.transcript is not None:
            model = replace(model, transcript=transcripts.picture_moved(model.transcript, body))
        case events.StatusMoved() if model.transcript is not None:
            model = replace(model, transcript=transcripts.status_moved(model.transcript, body))
        case events.ConversationHidden(conversation_id=hidden):
            model = _without(model, hidden)
        case events.ConsentChanged():
            model = _consent(model, body)
        case events.AgentChanged(agent=agent):
            me, known = model.agents.me, model.agents.by_id.set(agent.id, agent)
            is_me = me is not None and me.id == agent.id
            model = replace(model, agents=replace(model.agents, by_id=known, me=agent if is_me else me))
    target = model.connection.catch_up_to
    if target is None:
        return model
    count = model.connection.caught_up + 1
    model = replace(model, connection=replace(model.connection, caught_up=count))
    return caught_up(model) if frame.position >= target else model


def _position(model: Model, frame: frames.PositionFrame) -> Model:
    """The events up to it are here; those missing are none that this agent may see."""
    model = replace(model, connection=replace(model.connection, position=frame.position))
    target = model.connection.catch_up_to
    return caught_up(model) if target is not None and frame.position >= target else model


def _alarm(model: Model, body: events.Event) -> Model:
    """No alarms while catching up; and an error stays until the agent has read it."""
    if model.connection.catch_up_to is not None or not model.connection.is_complete:
        return model
    found = alarms.alarm(model, body)
    if found is None:
        return model
    notice = model.notices.current
    if notice is None or not notice.is_error:
        model = set_notice(model, Notice(found.words, found.is_error))
    count = model.notices.alarm_count + found.bell
    return replace(model, notices=replace(model.notices, alarm_count=count))


def _moved(model: Model, view: ConversationView) -> Model:
    """The conversation has moved: to where this desk asked, or elsewhere."""
    if view.id not in model.conversations.moves_asked:
        return model
    moves = model.conversations.moves_asked - {view.id}
    return replace(model, conversations=replace(model.conversations, moves_asked=moves))


def _row(model: Model, view: ConversationView) -> Model:
    known = model.conversations.by_id
    old = known.get(view.id)
    if old is not None and old.version > view.version:
        return model
    return replace(model, conversations=replace(model.conversations, by_id=known.set(view.id, view)))


def _without(model: Model, conversation_id: str) -> Model:
    known = model.conversations.by_id
    if conversation_id not in known:
        return model
    return replace(model, conversations=replace(model.conversations, by_id=known.delete(conversation_id)))


def _message(model: Model, message: MessageView) -> Model:
    shown = model.transcript
    return model if shown is None else replace(model, transcript=transcripts.put(shown, message))


def _follow(model: Model, view: ConversationView) -> Model:
    """From a closed conversation, go to the next one of the same consumer and line as soon as it opens."""
    old, shown = open_conversation(model), model.transcript
    if old is None or shown is None or old.state != "closed" or view.state == "closed" or view.id == old.id:
        return model
    if (person(old), old.line) != (person(view), view.line):
        return model
    model = replace(model, transcript=replace(shown, conversation_id=view.id))
    return set_notice(model, Notice("They have written again."))


def _with(model: Model, consumer: str, one: ConversationView | None) -> list[ConversationView]:
    """The conversations with a consumer, from any of their addresses; `one` of them, if there is an open one."""
    who = consumer if one is None else person(one)
    return [view for view in model.conversations.by_id.values() if person(view) == who or view.consumer == consumer]


def _consent(model: Model, body: events.ConsentChanged) -> Model:
    """Closed conversations with the consumer follow as well; no event is about them."""
    known = model.conversations.by_id
    changed = {
        view.id: replace(view, opted_out=body.opted_out) for view in _with(model, body.consumer, body.conversation)
    }
    if changed:
        model = replace(model, conversations=replace(model.conversations, by_id=known.update(changed)))
    return model if body.conversation is None else _row(model, body.conversation)
