"""Preview of a conversation's latest text in a list, also where the provider delivers it in segments.

Segments stay messages of their own; only the preview and the count of unread texts join them. Segments of one text have
the same reference and total and different numbers (3GPP TS 23.040, 9.2.3.24).
"""

from __future__ import annotations

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message, Part
from connector.wire import limits


def continues_shown_text(conversation: Conversation, message: Message) -> bool:
    """Whether the message is another segment of the text in the preview."""
    shown, part = conversation.last_part, message.part
    if shown is None or part is None or conversation.last_direction is not Direction.INBOUND:
        return False
    return _text_of(shown) == _text_of(part) and shown.number != part.number


def after_inbound(conversation: Conversation, message: Message) -> tuple[str, Part | None, int]:
    """Preview, the segment it is from, and number of unread texts after an inbound message.

    Of the segments that have arrived, the first in the text is shown.
    """
    if not continues_shown_text(conversation, message):
        return preview(message), message.part, conversation.unread + 1
    unread = max(1, conversation.unread)
    shown, part = conversation.last_part, message.part
    if shown and part and shown.number < part.number:
        return conversation.last_text, shown, unread
    return preview(message), part, unread


def preview(message: Message) -> str:
    """The beginning of its text; of a message of pictures or files alone what it has."""
    if message.text or not message.media:
        return message.text[: limits.PREVIEW_LENGTH]
    kinds = {media.content_type.partition("/")[0] for media in message.media}
    what = "picture" if kinds <= {"image", ""} else "file"
    return f"[{what}]" if len(message.media) == 1 else f"[{len(message.media)} {what}s]"


def _text_of(part: Part) -> tuple[int, int, bool]:
    return part.reference, part.total, part.wide
