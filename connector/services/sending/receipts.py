"""Delivery receipts: each is stored once, and moves its reply forward."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.delivery import Receipt, summary
from connector.domain.message import Direction, Message
from connector.domain.status import UNSUCCESSFUL, furthest
from connector.providers.values import DeliveryReceipt
from connector.services import save
from connector.services.consent import ledger
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable


def take(uow: UnitOfWork, account: str, arrival: DeliveryReceipt) -> None:
    tx = uow.tx
    message = _reply(uow, account, arrival)
    if arrival.status is None:
        if message is not None:  # a status we do not know: shown as it is, changes nothing
            save.status(uow, replace(message, raw_status=storable(arrival.raw_status)))
        return
    receipt = Receipt(
        account=account,
        at=uow.now,
        status=arrival.status,
        raw_status=arrival.raw_status,
        ref=arrival.ref,
        message_id=arrival.message_id,
        code=arrival.code,
        words=arrival.words,
        part=arrival.part,
        parts=arrival.parts,
    )
    if not tx.receipts.add_once(receipt) or message is None:
        return  # earlier than the answer of the send call: applied as soon as the reference is known
    if message.ref is None and arrival.ref is not None:
        message = replace(message, ref=arrival.ref)
        tx.messages.update(message)
    message = apply(uow, message)
    if arrival.opted_out:
        ledger.record_refusal(uow, message, arrival.code, arrival.words, at=message.at)


def apply(uow: UnitOfWork, message: Message) -> Message:
    """The reply with the status that all its receipts give it; saved when that is further or says more."""
    found = summary(uow.tx.receipts.for_message(message.account, message.id, message.ref))
    if found is None:
        return message
    is_further = furthest(message.status, found.status) is not message.status
    says_more = found.status is message.status and found.words not in (None, message.words)
    if not is_further and not says_more:
        return message
    moved = replace(
        message,
        status=found.status,
        code=found.code or message.code,
        words=found.words or (message.words if message.status in UNSUCCESSFUL else None),
    )
    return save.status(uow, moved)


def _reply(uow: UnitOfWork, account: str, arrival: DeliveryReceipt) -> Message | None:
    """The reply of this account that a receipt is about."""
    message = uow.tx.messages.get(arrival.message_id) if arrival.message_id else None
    if message is None and arrival.ref is not None:
        message = uow.tx.messages.by_ref(account, arrival.ref)
    if message is None or message.account != account or message.direction is not Direction.REPLY:
        return None
    return message
