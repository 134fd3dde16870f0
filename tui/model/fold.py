"""How each frame from the core changes the model. `fold(model, frame, now)` gives the next model.

What did not change stays the same object, so a widget is repainted only when the value it shows is another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from connector.base.counted import count
from connector.wire import answers as wire_answers
from connector.wire import events, frames, limits, requests
from connector.wire.views import ConversationView, MessageView
from tui.model import (
    alarms,
    alerts,
    answers,
    bulk_runs,
    bursts,
    compose,
    draft_sync,
    erased,
    new_conversation,
    others,
    pending,
    saved_replies,
    sight,
    snapshots,
    transcripts,
    urgent,
)
from tui.model.conversations import consumer_name, is_mine, open_conversation, person, with_article
from tui.model.notices import set_notice, tell_news
from tui.model.state import ConversationEvent, LinkPhase, Model, Notice, Settings, Writing

_ENDED = ("closed", "wrap_up")
_WHERE = {"queued": "in the queue", "ringing": "ringing"}


def fold(model: Model, frame: frames.FromCore, now: int) -> Model:
    return _reopened(model, draft_sync.caught_up(_folded(model, frame, now)))


def _reopened(before: Model, model: Model) -> Model:
    """What a notice says of a conversation that was closed holds no more once it is open again, as after their next
    text."""
    notice = model.notices.current
    if notice is None or not notice.closed:
        return model
    old, new = (each.conversations.by_id.get(notice.closed) for each in (before, model))
    if old is None or new is None or old.state not in _ENDED or new.state in _ENDED:
        return model
    whose = _WHERE.get(new.state) or ("yours" if is_mine(model, new) else "with a colleague")
    words = f"{consumer_name(new)}: open again, {whose}."
    return set_notice(model, Notice(words, is_local=True))


def _folded(model: Model, frame: frames.FromCore, now: int) -> Model:
    match frame:
        case frames.Hello():
            return _hello(model, frame, now)
        case frames.Welcome():
            return _welcome(model, frame)
        case frames.SnapshotFrame():
            return snapshots.snapshot(model, frame)
        case frames.PositionFrame():
            return _position(model, frame.position)
        case frames.EventFrame():
            return _event(model, frame)
        case frames.AccountsFrame():
            return replace(model, providers=replace(model.providers, accounts=tuple(frame.accounts)))
        case frames.WritingFrame():
            until = now + model.connection.clock_ahead_ms + limits.WRITING_MS
            return replace(model, writing=Writing(frame.conversation_id, tuple(frame.agents), until))
        case frames.AnswerFrame() | frames.Refusal() if bulk_runs.is_of_bulk(model, frame):
            return bulk_runs.moved_on(model, frame, now + model.connection.clock_ahead_ms)
        case frames.AnswerFrame():
            return answers.answered(model, frame)
        case frames.Refusal():
            return answers.refused(model, frame)


def changed_rows(model: Model, frame: frames.FromCore) -> Iterable[str]:
    """Ids of the conversations that `frame` may change, as seen from the model before it. Not for the first frame of a
    snapshot, which changes all."""
    match frame:
        case frames.SnapshotFrame(conversations=views):
            return _with_unconfirmed(model, views)
        case frames.AnswerFrame(body=wire_answers.ConversationPage(conversations=views)):
            return _with_unconfirmed(model, views)
        case frames.AnswerFrame(body=wire_answers.FoundMentions(conversations=views)):
            return [view.id for view in views]
        case frames.AnswerFrame(body=wire_answers.FoundConversation(conversation=view)):
            return (view.id,)
        case frames.Refusal(id=request_id) if (one := model.pending.get(request_id)) is not None:
            body = one.body
            return (body.conversation_id,) if isinstance(body, requests.GetConversation) else ()
        case frames.EventFrame(body=events.ConversationHidden(conversation_id=conversation_id)):
            return (conversation_id,)
        case frames.EventFrame(body=events.ConversationErased(conversation_id=conversation_id)):
            return (conversation_id,)
        case frames.AnswerFrame(body=wire_answers.Erased(conversation_ids=erased_ids)):
            return erased_ids
        case frames.EventFrame(body=events.ContactChanged()):
            return _shown(model)
        case frames.EventFrame(body=events.ConsentChanged(consumer=consumer, conversation=changed)):
            known = [view.id for view in _with(model, consumer, changed)]
            return known if changed is None or changed.id in known else [*known, changed.id]
        case frames.EventFrame(body=body) if isinstance(body, ConversationEvent):
            return (body.conversation.id,)
    return ()


def concerns_shown(model: Model, frame: frames.FromCore) -> bool:
    """Whether `frame` may change the transcript. Most events are about conversations that are not shown."""
    shown, conversations = model.transcript, model.conversations
    if isinstance(frame, frames.EventFrame) and isinstance(frame.body, alerts.AlertEvent):
        return False
    match frame:
        case frames.PositionFrame() | frames.AccountsFrame() | frames.WritingFrame():
            return False
        case frames.EventFrame(body=events.AgentChanged()):
            return False
        case frames.EventFrame(body=body) if isinstance(body, ConversationEvent) and shown is not None:
            view = body.conversation
            is_elsewhere = person(view) != shown.person and view.id != shown.conversation_id
            is_awaited = conversations.gone is not None or view.id == conversations.opened_by_new
            return is_awaited or not is_elsewhere
    return True


def _with_unconfirmed(model: Model, views: Iterable[ConversationView]) -> list[str]:
    unconfirmed = model.conversations.unconfirmed
    return [*(view.id for view in views), *([unconfirmed] if unconfirmed is not None else [])]


def caught_up(model: Model) -> Model:
    """The events missed during a lost connection are here: say how many they were."""
    before = model.connection
    missed = before.caught_up
    words = f"back: {count(missed, 'event')} caught up" if missed else "back: nothing missed"
    connection = replace(before, catch_up_to=None, caught_up=0, news="", is_quiet=False)
    model = replace(model, connection=connection)
    if before.news:
        return set_notice(model, Notice(before.news))
    return model if before.is_quiet else set_notice(model, Notice(words, is_of_return=True))


def _hello(model: Model, frame: frames.Hello, now: int) -> Model:
    connection = replace(
        model.connection,
        clock_ahead_ms=frame.server_at - now,
        hello_at=frame.server_at,
        is_quiet=model.connection.phase is LinkPhase.LINKED,
        catch_up_to=frame.position,
        caught_up=0,
        in_snapshot=False,
    )
    return replace(model, connection=connection)


def _welcome(model: Model, frame: frames.Welcome) -> Model:
    known = model.agents.by_id.set(frame.agent.id, frame.agent)
    # An older core says only whether the agent leads. What it does not say it decides itself.
    role = frame.role or ("administrator" if frame.is_lead else "")
    connection = replace(
        model.connection,
        rights=frame.rights,
        sends_own_first=bool(frame.role),
        news=_news(model, frame.rights, role),
    )
    if not frame.resumed:
        connection = replace(connection, catch_up_to=None)
    elif frame.position is not None:
        connection = replace(connection, catch_up_to=frame.position)
    model = replace(
        model,
        connection=connection,
        agents=replace(model.agents, me=frame.agent, role=role, by_id=known),
        providers=replace(model.providers, lines=tuple(frame.lines)),
        settings=Settings(frame.reply_limit, tuple(frame.away_reasons), tuple(frame.outcomes)),
    )
    model = replace(draft_sync.connected(model), mentions=model.mentions.connected())
    if not frame.resumed:
        model = saved_replies.afresh(model)
    position, target = model.connection.position, model.connection.catch_up_to
    is_caught_up = frame.resumed and target is not None and position is not None and target <= position
    return caught_up(model) if is_caught_up else model


def _news(model: Model, rights: str, role: str) -> str:
    """What this welcome changes for the agent."""
    before = model.connection.rights
    if before is None:
        return ""
    words = f"You are {with_article(role)} now." if role != model.agents.role and role else ""
    changed = "Your rights have changed: the lists have what you may see now." if rights != before else ""
    return " ".join(filter(None, (words, changed)))


def _position(model: Model, position: int) -> Model:
    """The desk is up to date with it, without an event."""
    before = model.connection
    if not before.is_complete or before.position is None or position <= before.position:
        return model
    model = replace(model, connection=replace(before, position=position))
    is_caught_up = before.catch_up_to is not None and before.catch_up_to <= position
    return caught_up(model) if is_caught_up else model


def _event(model: Model, frame: frames.EventFrame) -> Model:
    body = frame.body
    model = _alarm(model, body, frame.at)
    model = replace(model, connection=replace(model.connection, position=frame.position))
    if isinstance(body, ConversationEvent):
        model = _follow(new_conversation.show_opened(_row(model, body.conversation)), body.conversation)
        model = sight.back(model)
    if isinstance(body, alerts.AlertEvent):
        model = alerts.put(model, body.alert)
    model = _left(model, body)
    match body:
        case events.ConversationHidden(conversation_id=conversation_id):
            model = sight.lost(
                others.hidden(urgent.out_of_sight(model, conversation_id), conversation_id), conversation_id
            )
        case events.ConversationErased(conversation_id=conversation_id):
            model = erased.erased(model, [conversation_id])
        case events.MessageReceived() | events.NoteWritten() | events.ReplyUndone():
            model = _message(model, body.message)
        case events.SendFailed() | events.SendArrived():
            model = _message(model, body.message)
        case events.ReplyWritten(message=message):
            model = _message(_written(model, message, frame.position), message)
        case events.ConversationAssigned(conversation=view):
            lapsed = model.conversations.lapsed - {view.id}
            model = _moved(replace(model, conversations=replace(model.conversations, lapsed=lapsed)), view)
        case events.ConversationQueued(conversation=view) | events.ConversationRang(conversation=view):
            model = _moved(model, view)
        case events.PictureMoved() if model.transcript is not None:
            model = replace(model, transcript=transcripts.picture_moved(model.transcript, body))
        case events.ReplyScheduled() | events.ScheduleEnded() if model.transcript is not None:
            model = replace(model, transcript=transcripts.scheduled_changed(model.transcript, body))
        case events.StatusMoved() if model.transcript is not None:
            model = replace(model, transcript=transcripts.status_moved(model.transcript, body))
        case events.ConsentChanged():
            model = _consent(model, body)
        case events.ContactChanged():
            model = _contact(model, body)
        case events.Mentioned(mention=mention):
            model = replace(model, mentions=model.mentions.told(mention))
        case events.MentionsSeen(conversation_id=conversation_id):
            model = replace(model, mentions=model.mentions.without(conversation_id))
        case events.DraftChanged():
            model = draft_sync.changed(model, body, frame.position)
        case events.SavedRepliesChanged():
            model = saved_replies.changed(model, body, frame.position)
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


def _alarm(model: Model, body: events.Event, at: int) -> Model:
    """No alarms while catching up."""
    if model.connection.catch_up_to is not None or not model.connection.is_complete:
        return model
    found = alarms.alarm(model, body, at)
    if found is None:
        return model
    about = (body.conversation.id, body.conversation.version) if isinstance(body, ConversationEvent) else None
    return bursts.told(model, found, at, about)


def _contact(model: Model, body: events.ContactChanged) -> Model:
    """Rows in lists have events of their own; a shown conversation may be in none, as one that was searched for."""
    known, who = model.conversations.by_id, body.person or body.consumer
    for one in _shown(model):
        view = known.get(one)
        if view is not None and person(view) == who and view.name != body.name:
            known = known.set(one, replace(view, name=body.name))
    if known is not model.conversations.by_id:
        model = replace(model, conversations=replace(model.conversations, by_id=known))
    shown = model.transcript
    return model if shown is None else replace(model, transcript=transcripts.about_changed(shown, body))


def _shown(model: Model) -> list[str]:
    """The conversations in the panes."""
    return [one.conversation_id for one in (model.transcript, model.panes.other) if one is not None]


def _moved(model: Model, view: ConversationView) -> Model:
    """The conversation has moved: to where this desk asked, or elsewhere."""
    if view.id not in model.conversations.moves_asked:
        return model
    moves = model.conversations.moves_asked - {view.id}
    return replace(model, conversations=replace(model.conversations, moves_asked=moves))


def _row(model: Model, view: ConversationView) -> Model:
    conversations = model.conversations
    known, unconfirmed = conversations.by_id, conversations.unconfirmed
    old = known.get(view.id)
    if old is not None and old.version > view.version:
        return model
    if old is None:
        model = others.appeared(model, view)
    unconfirmed = None if unconfirmed == view.id else unconfirmed
    return replace(model, conversations=replace(conversations, by_id=known.set(view.id, view), unconfirmed=unconfirmed))


def _message(model: Model, message: MessageView) -> Model:
    shown = model.transcript
    return model if shown is None else replace(model, transcript=transcripts.put(shown, message))


def _left(model: Model, body: events.Event) -> Model:
    """A text that is sent or undone is not to be undone any more."""
    match body:
        case events.StatusMoved(message_id=message_id):
            return replace(model, compose=compose.left(model.compose, message_id))
        case events.ReplyUndone(message=message) | events.SendFailed(message=message):
            return replace(model, compose=compose.left(model.compose, message.id))
    return model


def _written(model: Model, message: MessageView, position: int) -> Model:
    """A reply from this desk, or from another one, which may have sent what is a draft here."""
    known = pending.recognised(model, message)
    is_from_here = known is not model or message.id in dict(model.compose.typed)
    return known if is_from_here else draft_sync.sent_elsewhere(model, message, position)


def _follow(model: Model, view: ConversationView) -> Model:
    """From a closed conversation, go to the next one of the same consumer and line as soon as it opens."""
    old, shown = open_conversation(model), model.transcript
    if old is None or shown is None or old.state != "closed" or view.state == "closed" or view.id == old.id:
        return model
    if (person(old), old.line) != (person(view), view.line):
        return model
    model = replace(model, transcript=replace(shown, conversation_id=view.id))
    return tell_news(model, Notice("They have written again.", is_news=True))


def _with(model: Model, consumer: str, one: ConversationView | None) -> list[ConversationView]:
    """The conversations with a consumer, from any of their addresses; `one` of them, if there is an open one."""
    who = consumer if one is None else person(one)
    found = model.conversations.by_id.about(who, consumer)
    return [view for view in found if person(view) == who or view.consumer == consumer]


def _consent(model: Model, body: events.ConsentChanged) -> Model:
    """Closed conversations with the consumer follow as well; no event is about them."""
    model = others.consent_changed(model, body)
    known = model.conversations.by_id
    changed = {
        view.id: replace(view, opted_out=body.opted_out) for view in _with(model, body.consumer, body.conversation)
    }
    if changed:
        model = replace(model, conversations=replace(model.conversations, by_id=known.update(changed)))
    return model if body.conversation is None else _row(model, body.conversation)
