"""A reply as it is written into a conversation, before anything is known of its delivery."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.conversation import Conversation
from connector.domain.media import Media
from connector.domain.message import Direction, Message
from connector.domain.status import Status
from connector.domain.unsettled import is_answer
from connector.sms import segments


def queued_reply(
    conversation: Conversation,
    id_: str,
    text: str,
    at: int,
    *,
    author: str | None = None,
    media: tuple[Media, ...] = (),
    resends: str | None = None,
) -> Message:
    """`author`: the agent, None for an automatic reply. `resends`: id of the reply that it sends again."""
    measure = segments.measure(text)
    return Message(
        id=id_,
        conversation_id=conversation.id,
        account=conversation.account,
        line=conversation.line,
        consumer=conversation.consumer,
        person=conversation.person,
        seq=conversation.last_seq + 1,
        direction=Direction.REPLY,
        text=text,
        at=at,
        status=Status.QUEUED,
        status_at=at,
        author=author,
        encoding=measure.encoding,
        segments=measure.segments,
        media=media,
        resends=resends,
        skill=conversation.skill,
        entry_point=conversation.entry_point,
    )


def as_answer(reply: Message, conversation: Conversation, resends: Message | None) -> Message:
    """The reply as it counts if it answers what the consumer waits for in this conversation, which is as before it.

    One that sends another again stands in its place: where that may have arrived, it has answered already what the
    consumer wrote before it.
    """
    if resends is not None and is_answer(resends):
        if resends.waited_ms is None:
            return reply
        waited_ms = resends.waited_ms + max(0, reply.at - resends.at)
        return replace(reply, waited_ms=waited_ms, is_late=resends.is_late, is_first=resends.is_first)
    since = conversation.waiting_since
    if since is None:
        return reply
    return replace(
        reply,
        waited_ms=max(0, reply.at - since),
        is_late=conversation.due_at is not None and reply.at >= conversation.due_at,
        is_first=since <= conversation.opened_at,
    )
