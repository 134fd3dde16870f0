"""Notes between agents: in the transcript, never sent."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.services import save, views
from connector.services.settings import BrandSettings
from connector.sms.storable import storable
from connector.store.ports import Transaction
from connector.wire import events, limits
from connector.wire.refusals import RefusalCode


def demand_note(text: str) -> str:
    """The note as it is kept. Raises Refused."""
    if not text.strip():
        raise Refused(RefusalCode.EMPTY, "There is nothing in the note.")
    if len(text) > limits.NOTE_LENGTH:
        words = f"A note has at most {limits.NOTE_LENGTH:,} characters; this one has {len(text):,}."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limits.NOTE_LENGTH, length=len(text))
    return storable(text)


def add(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, author: str, text: str, now: int
) -> Conversation:
    """Keep a note and tell it; gives the conversation as it is with it."""
    return written(tx, brand, conversation, author, text, now)[0]


def written(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, author: str, text: str, now: int
) -> tuple[Conversation, Message]:
    message = Message(
        id=brand.ids.new(),
        conversation_id=conversation.id,
        account=conversation.account,
        line=conversation.line,
        consumer=conversation.consumer,
        seq=conversation.last_seq + 1,
        direction=Direction.NOTE,
        text=demand_note(text),
        at=now,
        status=Status.RECEIVED,
        status_at=now,
        author=author,
        encoding="",
        segments=0,
    )
    tx.messages.add_once(message)
    conversation = save.update(tx, brand.rules, transitions.with_note(conversation, message))
    told = save.fact(
        tx, brand.rules, conversation, lambda view: events.NoteWritten(view, views.message_view(message)), now
    )
    tx.facts.append([told])
    return conversation, message
