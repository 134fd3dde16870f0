"""Unsettled replies: how one comes back to a person, and how it is settled."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.domain.status import UNSUCCESSFUL
from connector.domain.unsettled import counted, is_automatic, settled, without
from connector.services import save, views
from connector.services.conversations import transcript
from connector.services.routing.placement import event_of, reopened
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events

_ENDED = (ConversationState.CLOSED, ConversationState.WRAP_UP)


def came_back(uow: UnitOfWork, message: Message) -> None:
    """Have the conversation wait for us again, since the text that the reply was to answer.

    One that has ended meanwhile is open again. The reply of an earlier conversation comes back in the one that is open
    now: a person has at most one on a line.
    """
    open_one = uow.tx.conversations.open_for(message.line, message.person)
    conversation = open_one or uow.tx.conversations.get(message.conversation_id)
    if conversation is None:
        return
    changed = replace(_counted(uow, conversation), unsent_at=uow.now)
    changed = transitions.with_pending_answer(changed, transcript.recompute(uow, changed).owed)
    has_ended = changed.state in _ENDED
    if has_ended:
        changed = reopened(uow, changed, _reason(message))
    saved = save.conversation(uow, changed, events.SendFailed, views.message_view(message, uow.brand.masking))
    if has_ended:
        save.conversation_event(uow, saved, events.ConversationReopened, None)
        save.conversation_event(uow, saved, event_of(saved))


def recount(uow: UnitOfWork, message: Message) -> None:
    """More is known of an unsettled reply: that it failed, say, after its end was unknown."""
    conversation = uow.tx.conversations.open_for(message.line, message.person)
    if conversation is not None:
        save.conversation(
            uow, _counted(uow, conversation), events.SendFailed, views.message_view(message, uow.brand.masking)
        )


def arrived(uow: UnitOfWork, message: Message) -> None:
    """The reply is on its way or delivered after all: the conversation waits as if it had never been taken for lost.
    It stays where it is, with whom it is."""
    conversation = uow.tx.conversations.open_for(message.line, message.person)
    if conversation is None:
        return
    changed = _counted(uow, conversation)
    owed = transcript.recompute(uow, changed).owed
    if owed is None:
        changed = transitions.nothing_owed(changed, uow.rules_of(changed), uow.now)
    else:
        changed = transitions.with_pending_answer(changed, owed)
    save.conversation(uow, changed, events.SendArrived, views.message_view(message, uow.brand.masking))


def looked_up(uow: UnitOfWork, message: Message) -> None:
    """The reply has become uncertain, or is no longer: its conversation is marked while it is being looked up."""
    conversation = uow.tx.conversations.open_for(message.line, message.person)
    if conversation is None or is_automatic(message):
        return
    changed = _counted(uow, conversation)
    if changed.unsent_status != conversation.unsent_status:
        save.conversation(uow, changed, events.ConversationUpdated)


def settle(uow: UnitOfWork, conversation: Conversation, *, by: str) -> Conversation:
    """An agent has dealt with all that did not arrive: by the reply or the conversation `by`. The caller saves the
    conversation."""
    if not conversation.unsent:
        return conversation
    for message in uow.tx.messages.unsettled(conversation.line, conversation.person):
        _write(uow, settled(message, by))
    return _counted(uow, conversation)


def settle_one(uow: UnitOfWork, conversation: Conversation, message: Message, *, by: Message) -> Conversation:
    """The conversation after the reply `by`, which sends `message` again. What the consumer has asked since that was
    written waits as before. Others that did not arrive are still to be dealt with, so an answer is due for them. The
    caller saves the conversation."""
    dealt_with = settled(message, by.id) if message.is_unsettled else message
    _write(uow, replace(dealt_with, resent_as=by.id))
    found = transcript.recompute(uow, conversation)
    is_waiting = conversation.waiting_since is not None
    if is_waiting and found.unanswered_since is not None:
        return _counted(uow, transitions.with_earlier_reply(conversation, by, found.unanswered_since))
    changed = _counted(uow, transitions.with_reply(conversation, by, uow.rules_of(conversation)))
    return transitions.with_pending_answer(changed, found.owed if is_waiting else None)


def unsettle(uow: UnitOfWork, conversation: Conversation, *, by: str, resends: str | None = None) -> Conversation:
    """The reply or closing `by` is undone, and with it that it settled replies, or sent the reply `resends` again. The
    caller saves the conversation."""
    found = {message.id: message for message in uow.tx.messages.settled_by(by)}
    if resends is not None and (original := uow.tx.messages.get(resends)) is not None:
        found[original.id] = original
    again = [without(message, by) for message in found.values()]
    for message in again:
        _write(uow, message)
    changed = _counted(uow, conversation)
    return replace(changed, unsent_at=uow.now) if any(message.is_unsettled for message in again) else changed


def undone_after_end(uow: UnitOfWork, undone: Message) -> None:
    """A reply that sent another one again is undone after its conversation was closed, which dealt with what did not
    arrive: with the other one, too."""
    original = None if undone.resends is None else uow.tx.messages.get(undone.resends)
    if original is None or original.resent_as != undone.id:
        return
    freed = without(original, undone.id)
    _write(uow, settled(freed, undone.conversation_id) if freed.is_unsettled else freed)


def _write(uow: UnitOfWork, message: Message) -> None:
    """Write a reply that was settled or sent again, or is neither any more; its delivery status is as before."""
    uow.tx.messages.update(message)
    save.fact(uow, views.status_moved(message, uow.brand.masking), message.conversation_id)


def _counted(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    messages, line, person = uow.tx.messages, conversation.line, conversation.person
    is_looked_up = messages.is_looked_up(conversation.account, line, person)
    return counted(conversation, messages.unsettled(line, person), is_looked_up=is_looked_up)


def _reason(message: Message) -> str:
    return "a reply did not arrive" if message.status in UNSUCCESSFUL else "it is unknown whether a reply arrived"
