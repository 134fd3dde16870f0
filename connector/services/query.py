"""The context of a question: what is committed, the settings, the time, and the rights of who asks."""

from __future__ import annotations

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.domain.rights import Rights
from connector.services.refusals import unknown_conversation, unknown_message
from connector.services.settings import BrandSettings
from connector.store.ports import Reading
from connector.wire import limits


class Query(Struct, frozen=True):
    reading: Reading
    brand: BrandSettings
    now: int
    rights: Rights

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises Refused for an unknown id."""
        found = self.reading.conversation(conversation_id)
        if found is None:
            raise unknown_conversation(conversation_id)
        return found

    def message(self, message_id: str) -> Message:
        """Raises Refused for an unknown id."""
        found = self.reading.message(message_id)
        if found is None:
            raise unknown_message(message_id)
        return found


def page_size(asked: int) -> int:
    """What a question asks for, within what one answer may hold."""
    return max(1, min(asked, limits.PAGE_SIZE))
