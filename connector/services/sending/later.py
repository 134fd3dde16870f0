"""Replies sent later: checked as they are written, and again at their moment, as if their author had pressed enter then
with what they had seen when they wrote.

They are no messages before that, and so stand in no other reply's way. What would refuse them at their moment gives
them back to their author as a draft; so does, at once, a text of the consumer, and a conversation that closes or leaves
its owner.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import BackFrom, Conversation, ConversationState
from connector.domain.load import waiting_for_consumer
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.scheduled import MOST_LATE_MS, ScheduledReply, next_at
from connector.domain.snooze import PUT_OFF_MS
from connector.services import save
from connector.services.conversations import drafts, ownership
from connector.services.conversations.due import require_ahead
from connector.services.query import Query
from connector.services.refusals import unknown_scheduled
from connector.services.routing import queue
from connector.services.saved_replies import changes as saved_replies
from connector.services.sending.reply import (
    admitted_in,
    line_of,
    require_current,
    require_reachable,
    require_sendable,
    write,
)
from connector.services.unit_of_work import UnitOfWork
from connector.services.views import scheduled_view
from connector.sms.text import without_end
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode


def schedule(uow: UnitOfWork, agent: str, request: requests.ScheduleReply) -> answers.Scheduled:
    """Raises Refused as a reply would be, and for a moment that is past or too many of them."""
    require_ahead(uow, request.send_at)
    conversation = uow.conversation(request.conversation_id)
    if request.accept:
        conversation = ownership.accepted(uow, agent, conversation)
    line = line_of(uow, conversation.line)
    ownership.require_writer(uow, agent, conversation)
    require_current(uow, agent, conversation, request.seen)
    admitted_in(uow, agent, conversation, override=False)
    text = without_end(request.text)
    require_sendable(text, line)
    require_reachable(uow, line, conversation.consumer, conversation.person)
    there = uow.tx.scheduled.in_conversation(conversation.id)
    if len(there) >= limits.SCHEDULED_IN_CONVERSATION or uow.tx.scheduled.count(agent) >= limits.SCHEDULED_OF_AGENT:
        words = (
            f"At most {limits.SCHEDULED_IN_CONVERSATION} replies wait for their moment in a conversation, and"
            f" {limits.SCHEDULED_OF_AGENT} of one agent: cancel some."
        )
        raise Refused(RefusalCode.BAD_REQUEST, words)
    seen = conversation.last_seq if request.seen is None else request.seen
    one = ScheduledReply(
        uow.brand.ids.new(),
        conversation.id,
        agent,
        text,
        request.send_at,
        min(seen, conversation.last_seq),
        uow.now,
    )
    uow.tx.scheduled.add(one)
    drafts.take_sent(uow, agent, request)
    saved_replies.count_uses(uow, agent, request.saved_replies)
    changed = replace(transitions.read(conversation), scheduled_at=next_at([*there, one]))
    if request.send_at - uow.now > PUT_OFF_MS:
        changed = waiting_for_consumer(changed, uow.rules_of(changed), uow.now, at_once=True)
        uow.at_end(queue.offer)
    save.conversation(uow, changed, events.ReplyScheduled, scheduled_view(one, uow.brand.masking))
    return answers.Scheduled(one.id)


def cancel(uow: UnitOfWork, agent: str, request: requests.CancelScheduled) -> None:
    """By its author, or one who leads there. Its text is its author's draft again."""
    one = uow.tx.scheduled.get(request.scheduled_id)
    conversation = uow.tx.conversations.get(one.conversation_id) if one is not None else None
    if one is None or conversation is None or not uow.rights.may_see(visibility_of(conversation)):
        raise unknown_scheduled()
    if one.author != agent and not uow.rights.may_lead(visibility_of(conversation)):
        raise Refused(RefusalCode.NOT_ALLOWED, f"Only {one.author}, who wrote it, and leads may cancel it.")
    save.given_back(uow, conversation, one, "", by=agent)


def release(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    """Send what is due by now. The conversation as it is then."""
    for one in uow.tx.scheduled.in_conversation(conversation.id):
        if one.send_at <= uow.now:
            conversation = _release(uow, conversation, one)
    return conversation


def _release(uow: UnitOfWork, conversation: Conversation, one: ScheduledReply) -> Conversation:
    try:
        if one.author not in conversation.joined or conversation.state is not ConversationState.ASSIGNED:
            require_owner(conversation, one.author)
        if uow.now - one.send_at > MOST_LATE_MS:
            raise Refused(RefusalCode.TOO_LATE, "Its moment passed while nothing could be sent.")
        require_current(uow, one.author, conversation, one.seen)
        line = line_of(uow, conversation.line)
        admission = admitted_in(uow, one.author, conversation, override=False)
        require_sendable(one.text, line)
        require_reachable(uow, line, conversation.consumer, conversation.person)
    except Refused as no:
        back_to_author = replace(
            conversation, unread=max(1, conversation.unread), back_at=uow.now, back_from=BackFrom.HELD_BACK
        )
        is_owner = conversation.agent == one.author
        return save.given_back(uow, back_to_author if is_owner else conversation, one, no.words)
    uow.tx.scheduled.remove(one.id)
    left = replace(conversation, scheduled_at=next_at(uow.tx.scheduled.in_conversation(conversation.id)))
    left = replace(left, version=left.version + 1)
    left = save.conversation(uow, left, events.ScheduleEnded, scheduled_view(one, uow.brand.masking), "sent")
    write(uow, admission, line, left, one.text, delay_s=0)
    return uow.conversation(conversation.id)


def own(query: Query, question: requests.GetScheduled) -> answers.ScheduledReplies:
    """The asker's, of conversations that they see."""
    found = query.reading.scheduled_of(query.rights.agent)
    return answers.ScheduledReplies([scheduled_view(one, query.brand.masking) for one in found if _is_seen(query, one)])


def _is_seen(query: Query, one: ScheduledReply) -> bool:
    conversation = query.reading.conversation(one.conversation_id)
    return conversation is not None and query.rights.may_see(visibility_of(conversation))
