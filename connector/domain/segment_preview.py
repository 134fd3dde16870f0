"""What a list shows of a conversation's latest text, also where the provider hands that over in segments.

Segments stay messages of their own; only the preview and the count of unread texts take those of one text together.
They say themselves what they belong to (3GPP TS 23.040, 9.2.3.24): the same reference and total, another number.
"""

from __future__ import annotations

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message, Part
from connector.wire import limits


def continues_shown_text(conversation: Conversation, message: Message) -> bool:
    """Whether the message is a further segment of the text the conversation shows."""
    shown, part = conversation.last_part, message.part
    if shown is None or part is None or conversation.last_direction is not Direction.INBOUND:
        return False
    return _text_of(shown) == _text_of(part) and shown.number != part.number


def after_inbound(conversation: Conversation, message: Message) -> tuple[str, Part | None, int]:
    """The preview, the segment it is the beginning of, and how many texts are unread, once a consumer's message came.

    Of the segments that come after one another, the one that stands first in the text is shown.
    """
    if not continues_shown_text(conversation, message):
        return message.text[: limits.PREVIEW_LENGTH], message.part, conversation.unread + 1
    unread = max(1, conversation.unread)
    shown, part = conversation.last_part, message.part
    if shown and part and shown.number < part.number:
        return conversation.last_text, shown, unread
    return message.text[: limits.PREVIEW_LENGTH], part, unread


def _text_of(part: Part) -> tuple[int, int, bool]:
    return part.reference, part.total, part.wide
