"""The append-only ledger of opt-outs and opt-ins."""

from __future__ import annotations

from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.domain.message import Message
from connector.services import save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events


def record(uow: UnitOfWork, message: Message, kind: ConsentKind, rule: str, evidence: str, *, at: int) -> None:
    """Append an opt-out or opt-in of this message's consumer. The entry with the latest `at` counts."""
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
    )
    uow.add_consent(entry)
    is_opted_out = uow.is_opted_out(entry.consumer)
    changed = events.ConsentChanged(entry.consumer, is_opted_out, rule, message.conversation_id)
    save.fact(uow, changed, message.conversation_id, at)


def record_refusal(uow: UnitOfWork, message: Message, code: str | None, words: str | None, *, at: int) -> None:
    """Record an opt-out that the provider reports for the consumer of a reply."""
    if not uow.is_opted_out(message.consumer):
        rule = f"provider error {code}"
        record(uow, message, ConsentKind.OPTED_OUT, rule, words or rule, at=at)
