"""What happens to conversations by themselves: rings end, alarms are told, silence and time close or move them."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import Conversation, DueAlarm
from connector.domain.timers import TimerEvent, elapsed_timers, pending_alarm
from connector.services import save
from connector.services.conversations import closing
from connector.services.routing.placement import Placement
from connector.services.settings import BrandSettings
from connector.store.ports import Transaction
from connector.wire import events


def run(tx: Transaction, brand: BrandSettings, now: int, limit: int) -> int:
    """Do what is due by now for up to `limit` conversations; says for how many. The earliest moment comes first."""
    due = tx.conversations.due_timers(now, limit)
    for conversation in due:
        _happen(tx, brand, conversation, now)
    return len(due)


def _happen(tx: Transaction, brand: BrandSettings, conversation: Conversation, now: int) -> None:
    fresh = tx.conversations.get(conversation.id)
    if fresh is None or fresh.version != conversation.version:
        return  # another one's end has moved it meanwhile; its new moment comes with the next look
    rules = brand.rules.of(conversation.skill)
    due = set(elapsed_timers(conversation, rules, now))
    conversation = _alarm(tx, brand, conversation, now)
    routing = Placement(brand.rules)
    if TimerEvent.RING_ENDS in due:
        who = ", ".join(conversation.rings)
        routing.settle(tx, transitions.ring_missed(conversation, conversation.rings, f"{who} did not take it"), now)
        routing.drain(tx, now)  # it may ring at somebody else now
    elif TimerEvent.WRAP_UP_ENDS in due:
        closing.end(tx, brand, conversation, "its wrap-up is over", now, by=conversation.closed_by)
    elif TimerEvent.AUTO_CLOSE in due:
        closing.end(tx, brand, conversation, "closed by itself: the consumer has been silent", now)
    elif TimerEvent.SILENCE in due and conversation.agent is not None:
        reason = f"{conversation.agent} has not answered"
        back = transitions.queued(conversation, now, reason, returned_by=conversation.agent)
        routing.settle(tx, replace(back, moves=back.moves + 1), now)
        routing.drain(tx, now)
    else:
        save.update(tx, brand.rules, conversation)  # the rules have changed: another moment than it had


def _alarm(tx: Transaction, brand: BrandSettings, conversation: Conversation, now: int) -> Conversation:
    alarm = pending_alarm(conversation, brand.rules.of(conversation.skill), now)
    if alarm is DueAlarm.NONE:
        return conversation
    changed = replace(conversation, due_told=alarm, version=conversation.version + 1)
    changed = save.update(tx, brand.rules, changed)
    event = events.Overdue if alarm is DueAlarm.OVERDUE else events.DueSoon
    tx.facts.append([save.fact(tx, brand.rules, changed, event, now)])
    return changed
