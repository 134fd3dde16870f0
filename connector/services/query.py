"""The context of a question: what is committed, the settings, and the time."""

from __future__ import annotations

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import unknown_conversation
from connector.store.ports import Reading
from connector.wire import limits


class Query(Struct, frozen=True):
    reading: Reading
    brand: BrandSettings
    now: int

    def conversation(self, conversation_id: str) -> Conversation:
        """Raises Refused for an unknown id."""
        found = self.reading.conversation(conversation_id)
        if found is None:
            raise unknown_conversation(conversation_id)
        return found


def page_size(asked: int) -> int:
    """What a question asks for, within what one answer may hold."""
    return max(1, min(asked, limits.PAGE_SIZE))
