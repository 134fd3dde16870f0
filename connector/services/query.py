"""The context of a question: what is committed, the settings, the time, and the rights of who asks."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.domain.audit import AuditAction, AuditNote
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.domain.rights import Rights, Visibility, visibility_of
from connector.domain.saved_reply import SavedReply
from connector.services.refusals import unknown_conversation, unknown_message, unknown_saved_reply
from connector.services.settings import BrandSettings
from connector.store.ports import Reading
from connector.wire import limits


class Query(Struct, frozen=True):
    reading: Reading
    brand: BrandSettings
    now: int
    rights: Rights
    notes: list[AuditNote] = []  # what is recorded in the audit before the answer is sent

    def read_past(self, conversation: Conversation, messages: Iterable[Message]) -> None:
        """Have it recorded where some of these messages are of the past: of another conversation than one that is open
        and the asker's own."""
        is_own = (
            conversation.state is not ConversationState.CLOSED
            and self.rights.agent in visibility_of(conversation).people
        )
        if any(not is_own or message.conversation_id != conversation.id for message in messages):
            self.notes.append(AuditNote(AuditAction.PAST_READ, conversation.id, conversation.person, is_hourly=True))

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

    def saved_reply(self, saved_reply_id: str) -> SavedReply:
        """Raises Refused for an unknown id."""
        found = self.reading.saved_reply(saved_reply_id)
        if found is None:
            raise unknown_saved_reply(saved_reply_id)
        return found

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        """Of all conversations with this person, by id."""
        return self.reading.desk_pages.visibilities_with(person)

    def has_contact(self, person: str) -> bool:
        return self.reading.contact(person) is not None


def page_size(asked: int) -> int:
    """What a question asks for, within what one answer may hold."""
    return max(1, min(asked, limits.PAGE_SIZE))
