"""Alarms: events that call for the agent, as a sentence, with a bell where they cannot wait."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from connector.sms.text import one_line
from connector.wire import events
from connector.wire.views import ConversationView, MentionView
from tui.model import alerts
from tui.model.conversations import agent_name, consumer_name, is_mine, names_ringing, rings_here
from tui.model.state import ConversationEvent, Model

_AfterRing = events.ConversationQueued | events.ConversationRang | events.ConversationHidden
"""Events that end a ring which nobody accepted."""


class AlarmKind(StrEnum):
    """What an alarm says, the most urgent first."""

    ALERT = "alert"
    RING = "ring"
    OVERDUE = "overdue"
    UNSENT = "unsent"
    UNSURE = "unsure"
    HELD_BACK = "held back"
    CANCELLED = "cancelled"  # a reply for later, by somebody else
    TRANSFERRED = "transferred"
    MENTIONED = "mentioned"  # in a colleague's note
    SOON = "soon"
    AWAKE = "awake"  # from its snooze
    TAKEN_OVER = "taken over"
    JOINED = "joined"
    NOTED = "noted"  # a colleague, in one of theirs
    RANG_OUT = "rang out"
    QUEUED = "queued"
    GONE = "gone"
    LOST = "lost"  # a ring, to somebody else
    ALERT_OVER = "alert over"


class Alarm(NamedTuple):
    kind: AlarmKind
    subject: str  # the id of the conversation or alert
    words: str
    bell: bool = True
    is_error: bool = False


def alarm(model: Model, body: events.Event, at: int) -> Alarm | None:
    """The alarm that an event of this moment raises, if any; `model` is as it was before it."""
    me = model.agents.me.id if model.agents.me else None
    if me is None:
        return None
    if isinstance(body, ConversationEvent) and (rang := _rang(model, body.conversation)):
        return rang
    if isinstance(body, alerts.AlertEvent):
        told = alerts.news(model, body)
        return (
            Alarm(AlarmKind.ALERT if told[1] else AlarmKind.ALERT_OVER, body.alert.id, *told)
            if told is not None
            else None
        )
    if isinstance(body, _AfterRing) and (missed := _rang_out(model, body, at)):
        return missed
    if isinstance(body, events.Mentioned):
        return _mentioned(model, body.mention)
    match body:
        case events.ConversationAssigned(conversation=view, also_rang=also_rang) if view.agent != me:
            words = f"{agent_name(model, view.agent)} took {consumer_name(view)} first."
            lost = Alarm(AlarmKind.LOST, view.id, words, False)
            return lost if me in also_rang else None
        case events.ConversationAssigned(conversation=view):
            old = model.conversations.by_id.get(view.id)
            if old is None or old.handed_by in (None, me) or view.id in model.conversations.moves_asked:
                return None
            words = f"{agent_name(model, old.handed_by)} transferred {consumer_name(view)} to you."
            return Alarm(AlarmKind.TRANSFERRED, view.id, words)
        case events.ConversationTakenOver(by=by, owner=owner, conversation=view) if owner == me and by != me:
            return Alarm(
                AlarmKind.TAKEN_OVER, view.id, f"{agent_name(model, by)} took {consumer_name(view)} over from you."
            )
        case events.ConversationJoined(by=by, conversation=view) if view.agent == me:
            words = f"{agent_name(model, by)} writes beside you to {consumer_name(view)}."
            return Alarm(AlarmKind.JOINED, view.id, words, False)
        case events.NoteWritten(conversation=view, message=note) if view.agent == me and note.author not in (None, me):
            words = f"{agent_name(model, note.author)} has a note for you at {consumer_name(view)}"
            return Alarm(AlarmKind.NOTED, view.id, f"{words}: {one_line(note.text, 60)}", False)
        case events.ScheduleEnded(ended="held_back", scheduled=later, conversation=view) if later.author == me:
            why = body.words.rstrip(".")
            words = f"Not sent to {consumer_name(view)} at its moment: {why[:1].lower()}{why[1:]}."
            return Alarm(AlarmKind.HELD_BACK, view.id, f"{words} Its text is your draft there again.", is_error=True)
        case events.ScheduleEnded(ended="cancelled", scheduled=later, by=by, conversation=view) if (
            later.author == me and by != me
        ):
            words = f"{agent_name(model, by)} cancelled your later reply to {consumer_name(view)}: it is your draft."
            return Alarm(AlarmKind.CANCELLED, view.id, words)
        case events.SnoozeEnded(conversation=view) if is_mine(model, view):
            return Alarm(AlarmKind.AWAKE, view.id, f"{consumer_name(view)} is back from its snooze.")
        case events.DueSoon(conversation=view) if is_mine(model, view):
            return Alarm(AlarmKind.SOON, view.id, f"{consumer_name(view)} has to be answered soon.")
        case events.Overdue(conversation=view) if is_mine(model, view):
            return Alarm(AlarmKind.OVERDUE, view.id, f"{consumer_name(view)} is overdue.")
        case events.SendFailed(conversation=view, message=message) if is_mine(model, view):
            is_known = message.status != "uncertain"
            what = "Not sent to" if is_known else "It is not known whether this was sent to"
            why = (message.words or message.status).removeprefix("not sent: ")
            kind = AlarmKind.UNSENT if is_known else AlarmKind.UNSURE
            return Alarm(kind, view.id, f"{what} {consumer_name(view)}: {why}", is_error=True)
        case events.ConversationQueued(conversation=view):
            return _requeued(model, view)
        case events.ConversationHidden(conversation_id=conversation_id):
            return _hidden(model, conversation_id)
    return None


def _mentioned(model: Model, mention: MentionView) -> Alarm | None:
    """Unless the agent is in that conversation, and reads the note."""
    view = model.conversations.by_id.get(mention.conversation_id)
    if view is None or (model.is_entered and model.shown == view.id):
        return None
    words = f"{agent_name(model, mention.by)} mentions you: {consumer_name(view)} · {_next_keys(model)}"
    return Alarm(AlarmKind.MENTIONED, view.id, f"{words}.")


def _next_keys(model: Model) -> str:
    key = model.keys.name
    return f"{key('next_need')} goes there ({key('next_need', 'compose')} while writing)"


def _rang(model: Model, view: ConversationView) -> Alarm | None:
    """Once for each time it rings here, at the first event that says so."""
    old = model.conversations.by_id.get(view.id)
    if not rings_here(model, view) or (
        old is not None and rings_here(model, old) and old.ring_until == view.ring_until
    ):
        return None
    keys = _next_keys(model)
    if view.handed_by is not None:
        words = f"{agent_name(model, view.handed_by)} transfers {consumer_name(view)} to you: {keys}."
        return Alarm(AlarmKind.RING, view.id, words)
    return Alarm(AlarmKind.RING, view.id, f"{consumer_name(view)} is ringing you ({view.skill}): {keys}.")


def _rang_out(model: Model, body: _AfterRing, at: int) -> Alarm | None:
    """It has rung here to the end, and the agent has neither accepted nor declined it."""
    match body:
        case events.ConversationHidden(conversation_id=conversation_id):
            where = "you no longer see it"
        case events.ConversationQueued(conversation=view):
            conversation_id, where = view.id, "it is back in the queue"
        case events.ConversationRang(conversation=view):
            conversation_id, where = view.id, f"it rings at {names_ringing(model, view)}"
    old = model.conversations.by_id.get(conversation_id)
    if old is None or not rings_here(model, old) or old.id in model.conversations.moves_asked:
        return None
    if old.ring_until is None or at < old.ring_until:  # declined at another desk, or the agent has gone
        return None
    return Alarm(AlarmKind.RANG_OUT, old.id, f"{consumer_name(old)} rang out: {where}.", False)


def _hidden(model: Model, conversation_id: str) -> Alarm | None:
    """A conversation of this agent is one that they may not see any more."""
    old = model.conversations.by_id.get(conversation_id)
    if old is None or not is_mine(model, old) or old.id in model.conversations.moves_asked:
        return None
    return Alarm(AlarmKind.GONE, old.id, f"{consumer_name(old)} is no longer yours, and you no longer see it.", False)


def _requeued(model: Model, view: ConversationView) -> Alarm | None:
    """A conversation of this agent is in the queue again without their asking."""
    old = model.conversations.by_id.get(view.id)
    if old is None or not is_mine(model, old) or view.id in model.conversations.moves_asked:
        return None
    return Alarm(AlarmKind.QUEUED, view.id, f"{consumer_name(view)} went back to the queue: {view.reason}.", False)
