"""What timers do with conversations: rings end, alarms are raised, silence moves them and time closes them."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import snooze, transitions
from connector.domain.conversation import Conversation, DueAlarm
from connector.domain.timers import TimerEvent, elapsed_timers, pending_alarm
from connector.services import save
from connector.services.conversations import closing, ownership
from connector.services.routing import queue
from connector.services.routing.placement import place_and_save
from connector.services.sending import later
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events


def run(uow: UnitOfWork, limit: int) -> int:
    """Run the timers that are due, of up to `limit` conversations, the earliest first. Returns of how many."""
    due = uow.tx.conversations.due_timers(uow.now, limit)
    for conversation in due:
        _run(uow, conversation)
        uow.finish()  # which may move the next of them
    return len(due)


def _run(uow: UnitOfWork, conversation: Conversation) -> None:
    fresh = uow.tx.conversations.get(conversation.id)
    if fresh is None or fresh.version != conversation.version:
        return  # moved meanwhile, by capacity that another one freed; its new timer is run next time
    due = set(elapsed_timers(conversation, uow.rules_of(conversation), uow.now))
    if TimerEvent.SNOOZE_ENDS in due:
        conversation = save.conversation(uow, snooze.back(conversation, uow.now), events.SnoozeEnded)
        uow.at_end(queue.offer)
    if TimerEvent.SEND_LATER in due:
        conversation = later.release(uow, conversation)
    conversation = _alarm(uow, conversation)
    if TimerEvent.RING_ENDS in due:
        reason = f"{', '.join(conversation.rings)} did not take it"
        again_at = uow.now + uow.rules_of(conversation).ring_s * 1000
        place_and_save(uow, transitions.ring_missed(conversation, conversation.rings, reason, again_at))
        uow.at_end(queue.offer)  # there is room where it rang
    elif TimerEvent.ASKED_AGAIN in due:
        place_and_save(uow, replace(conversation, again_at=None))
    elif TimerEvent.WRAP_UP_ENDS in due:
        closing.end(uow, conversation, "its wrap-up is over", by=conversation.closed_by)
    elif TimerEvent.AUTO_CLOSE in due:
        closing.end(uow, conversation, "closed automatically: nothing more came from the consumer")
    elif TimerEvent.SILENCE in due and (owner := conversation.agent) is not None:
        ownership.requeue(uow, conversation, f"{owner} has not answered", returned_by=owner)
    else:
        save.row(uow, conversation)  # the rules have changed, so its timer is another one


def _alarm(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    """Raise the alarm that its answer is due soon or overdue, once each."""
    alarm = pending_alarm(conversation, uow.rules_of(conversation), uow.now)
    if alarm is DueAlarm.NONE:
        return conversation
    changed = replace(conversation, due_told=alarm, version=conversation.version + 1)
    return save.conversation(uow, changed, events.Overdue if alarm is DueAlarm.OVERDUE else events.DueSoon)
