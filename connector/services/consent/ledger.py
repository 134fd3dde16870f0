"""The append-only ledger of opt-outs and opt-ins, and telling desks of what has changed."""

from __future__ import annotations

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.domain.message import Message
from connector.services import save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events


def append(uow: UnitOfWork, entry: ConsentEntry, conversation_id: str | None = None) -> None:
    """Append an entry, which also settles a likely opt-out. The person's entry with the highest id counts.

    `conversation_id`: of the message it comes from.
    """
    uow.tx.consent.append(entry)
    if uow.tx.consent.likely(entry.person) is not None:
        uow.tx.consent.remove_likely(entry.person)
    announce(uow, entry.person, entry.consumer, entry.rule, conversation_id, at=entry.at)


def record(
    uow: UnitOfWork,
    message: Message,
    kind: ConsentKind,
    rule: str,
    evidence: str,
    *,
    at: int,
    author: str | None = None,
) -> None:
    """Append an opt-out or opt-in of this message's consumer."""
    entry = ConsentEntry(
        id=uow.brand.ids.new(),
        at=at,
        account=message.account,
        line=message.line,
        consumer=message.consumer,
        person=message.person,
        kind=kind,
        rule=rule,
        evidence=evidence,
        message_id=message.id,
        author=author,
    )
    append(uow, entry, message.conversation_id)


def record_refusal(uow: UnitOfWork, message: Message, code: str | None, words: str | None, *, at: int) -> None:
    """Record an opt-out that the provider reports for the consumer of a reply."""
    if not uow.is_opted_out(message.person):
        rule = f"provider error {code}"
        record(uow, message, ConsentKind.OPTED_OUT, rule, words or rule, at=at)


def announce(
    uow: UnitOfWork, person: str, consumer: str, rule: str, conversation_id: str | None, *, at: int | None = None
) -> None:
    """Append an event for each open conversation with this person; where there is none, one for the consumer."""
    is_opted_out = uow.is_opted_out(person)
    found = uow.tx.conversations.open_of(person)
    for one in found:
        changed = events.ConsentChanged(one.consumer, is_opted_out, rule, one.id, save.view_of(uow, one))
        save.fact(uow, changed, one.id, at)
    if conversation_id not in {one.id for one in found} and (conversation_id is not None or not found):
        save.fact(uow, events.ConsentChanged(consumer, is_opted_out, rule, conversation_id), conversation_id, at)
