"""A message as an index has it."""

from __future__ import annotations

from msgspec import Struct

from connector.domain.message import Direction, Message
from connector.domain.search import terms
from connector.domain.search.matching import digits


class Document(Struct, frozen=True):
    message_id: str
    conversation_id: str
    terms: frozenset[str]


def document_of(message: Message) -> Document:
    """By its text as it was written, whatever is masked of it: what may be found is decided where it is read."""
    found = terms.terms_of(message.text + message.overflow if message.overflow else message.text)
    found.add(terms.line(message.line))
    if message.author is not None:
        found.add(terms.author(message.author))
    if message.direction is not Direction.REPLY:
        found.add(terms.direction(message.direction))
    number = digits(message.consumer)
    if len(number) >= terms.LAST_DIGITS:
        found.add(terms.number_of_consumer(number))
        if message.seq == 1:
            found.add(terms.number_of_conversation(number))
    return Document(message.id, message.conversation_id, frozenset(found))
