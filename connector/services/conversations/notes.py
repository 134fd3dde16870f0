"""Notes between agents: in the transcript, never sent."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.status import Status
from connector.services import save, views
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable
from connector.sms.text import is_blank
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode


def write(uow: UnitOfWork, agent: str, request: requests.WriteNote) -> answers.Written:
    _, note = add(uow, agent, uow.conversation(request.conversation_id), request.text)
    return answers.Written(note.id)


def add(uow: UnitOfWork, author: str, conversation: Conversation, text: str) -> tuple[Conversation, Message]:
    """Store a note. Returns the conversation as it is with it, and the note. Raises Refused."""
    note = Message(
        id=uow.brand.ids.new(),
        conversation_id=conversation.id,
        account=conversation.account,
        line=conversation.line,
        consumer=conversation.consumer,
        person=conversation.person,
        seq=conversation.last_seq + 1,
        direction=Direction.NOTE,
        text=_demand_note(text),
        at=uow.now,
        status=Status.RECEIVED,
        status_at=uow.now,
        author=author,
        encoding="",
        segments=0,
        skill=conversation.skill,
        entry_point=conversation.entry_point,
    )
    uow.tx.messages.add_once(note)
    uow.written_notes.append(note)
    changed = transitions.with_note(conversation, note)
    return save.conversation(uow, changed, events.NoteWritten, views.message_view(note, uow.brand.masking)), note


def _demand_note(text: str) -> str:
    """The text of a note as it is stored. Raises Refused."""
    if is_blank(text):
        raise Refused(RefusalCode.EMPTY, "There is no text in the note.")
    if len(text) > limits.NOTE_LENGTH:
        words = f"A note has at most {limits.NOTE_LENGTH:,} characters; this one has {len(text):,}."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limits.NOTE_LENGTH, length=len(text))
    return storable(text)
