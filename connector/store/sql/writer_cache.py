"""What the writer knows of the database without reading it: rows it has read or written lately."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from connector.domain.consent.entries import ConsentEntry, LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.message import Message
from connector.store.sql.known_staff import KnownStaff

K = TypeVar("K")
V = TypeVar("V")

CAPACITY = 4096  # values of each kind; a conversation takes 1 to 2 kB


class LatestValues(OrderedDict[K, V]):
    """The values set last. Those beyond the capacity are dropped, the one set longest ago first."""

    def keep(self, key: K, value: V) -> None:
        self[key] = value
        self.move_to_end(key)
        if len(self) > CAPACITY:
            self.popitem(last=False)


class WriterCache:
    """Rows as they are in the database, seen from the transaction that is open.

    Its owner clears it whenever that may not be so: after a rollback, and after others may have written.
    """

    def __init__(self) -> None:
        self.conversations: LatestValues[str, Conversation] = LatestValues()
        self.open: LatestValues[tuple[str, str], Conversation] = LatestValues()  # by line and person
        self.messages: LatestValues[str, Message] = LatestValues()
        # By person; None: there is none.
        self.consent: LatestValues[str, ConsentEntry | None] = LatestValues()  # the latest entry
        self.likely_opt_outs: LatestValues[str, LikelyOptOut | None] = LatestValues()
        self.names: LatestValues[str, str] = LatestValues()  # of contacts, by person; empty: there is none
        self.staff: KnownStaff | None = None
        self.latest_id: str | None = None  # the highest id given

    def clear(self) -> None:
        self.clear_rows()
        self.latest_id = None

    def clear_rows(self) -> None:
        for values in (self.conversations, self.open, self.messages, self.consent, self.likely_opt_outs, self.names):
            values.clear()
        self.staff = None

    def keep(self, conversation: Conversation) -> None:
        """It has been read."""
        self.conversations.keep(conversation.id, conversation)
        key = (conversation.line, conversation.person)
        if conversation.state is not ConversationState.CLOSED:
            self.open.keep(key, conversation)
        elif (known := self.open.get(key)) is not None and known.id == conversation.id:
            del self.open[key]

    def renamed(self, person: str) -> None:
        """Their closed conversations have been changed by one statement."""
        for one in [one for one in self.conversations.values() if one.person == person]:
            if one.state is ConversationState.CLOSED:
                del self.conversations[one.id]

    def written(self, conversation: Conversation) -> None:
        """It has been inserted or changed."""
        self.keep(conversation)
        if self.staff is not None:
            self.staff.set_conversation(conversation)
