"""A reply as it is written into a conversation, before anything is known of its delivery."""

from __future__ import annotations

from connector.domain.conversation import Conversation
from connector.domain.media import Media
from connector.domain.message import Direction, Message
from connector.domain.status import Status
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
    )
