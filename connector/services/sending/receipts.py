"""Delivery receipts: each is stored once. A reply is as far as all of them and the answer to its send say together."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.delivery import Delivery, Receipt, further, summary
from connector.domain.message import Direction, Message
from connector.domain.status import FINAL, Status
from connector.providers.values import DeliveryReceipt, Untaken
from connector.services.consent import ledger
from connector.services.erasure.erased_hooks import ABOUT_ERASED
from connector.services.sending import references, statuses
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import bounded, storable
from connector.wire import limits


def take(uow: UnitOfWork, account: str, arrival: DeliveryReceipt) -> Untaken | None:
    """Store a receipt. Returns why no message shows what it says, where none does; ABOUT_ERASED: it was erased."""
    tx = uow.tx
    message = _reply(uow, account, arrival)
    if message is None and tx.erasure.is_erased(account, arrival.ref, arrival.message_id):
        return ABOUT_ERASED
    if arrival.status is None:
        if message is not None and arrival.opted_out:
            ledger.record_refusal(uow, message, arrival.code, arrival.words, at=uow.now)
        # A status we do not know: shown as it is, changes nothing.
        if message is not None and message.status not in FINAL:
            statuses.save(uow, replace(message, raw_status=storable(arrival.raw_status)))
            return None
        which = "a message that this core has not sent" if message is None else "a message whose end is known"
        return _untaken(arrival, f"an unknown status of {which}")
    receipt = Receipt(
        account=account,
        at=uow.now,
        status=arrival.status,
        raw_status=arrival.raw_status[: limits.STATUS_CODE_LENGTH],
        ref=arrival.ref,
        message_id=_our_id(message, arrival),
        code=bounded(arrival.code, limits.STATUS_CODE_LENGTH),
        words=bounded(arrival.words, limits.STATUS_WORDS_LENGTH),
        part=arrival.part,
        parts=arrival.parts,
        opted_out=arrival.opted_out,
    )
    if not tx.receipts.add_once(receipt):
        return None
    if message is None:  # it may be earlier than the answer of the send call: applied when the reference is known
        return _untaken(arrival, "a receipt for a message that this core has not sent, or not yet")
    message = statuses.with_billed(message, arrival.billed or (arrival.parts if arrival.parts > 1 else None))
    if arrival.message_id is not None and arrival.ref is not None:
        message = references.with_known(uow, message, arrival.ref)
    message = apply(uow, message)
    if arrival.opted_out:
        ledger.record_refusal(uow, message, arrival.code, arrival.words, at=uow.now)
    return None


def _untaken(arrival: DeliveryReceipt, what: str) -> Untaken:
    words = f" {arrival.words}" if arrival.words else ""
    return Untaken(f"{what} ({arrival.ref or arrival.message_id}: {arrival.raw_status}).{words}")


def take_early(uow: UnitOfWork, message: Message) -> None:
    """Record the opt-out that a receipt has reported by the provider's reference, before that was known as this
    reply's."""
    for receipt in uow.tx.receipts.for_message(message.account, message.id, message.ref):
        if receipt.opted_out and receipt.message_id is None:
            ledger.record_refusal(uow, message, receipt.code, receipt.words, at=uow.now)


def apply(uow: UnitOfWork, message: Message, answer: Delivery | None = None) -> Message:
    """The reply as far as it has come by its receipts and by the provider's `answer` to its send, saved if that is new.

    Made anew of all of them each time, and never of what is shown, so that their order does not matter. Without an
    answer or a receipt the reply stays as it is.
    """
    found = summary(uow.tx.receipts.for_message(message.account, message.id, message.ref))
    if answer is None and found is not None and message.status in FINAL:
        answer = _refusal(uow, message)
    if answer is not None:
        found = answer if found is None else further(found, answer)
    if found is None or found == Delivery(message.status, message.code, message.words):
        uow.tx.messages.update(message)  # its reference may be new
        return message
    raw = message.raw_status if found.status is message.status else None
    moved = replace(message, status=found.status, code=found.code, words=found.words, raw_status=raw)
    return statuses.save(uow, moved)


def _refusal(uow: UnitOfWork, message: Message) -> Delivery | None:
    """That the provider refused the reply, if it did. Any other answer says no more than a receipt does."""
    attempt = uow.tx.attempts.latest(message.id)
    if attempt is None or attempt.outcome != "refused":
        return None
    return Delivery(Status.FAILED, attempt.code, attempt.words)


def _our_id(message: Message | None, arrival: DeliveryReceipt) -> str | None:
    """The id that the receipt names: of the reply that it is about. One that is no reply's counts for nothing beside a
    reference; with its id, it is not about others that have been given the same reference."""
    if arrival.ref is None or (message is not None and message.id == arrival.message_id):
        return arrival.message_id
    return None


def _reply(uow: UnitOfWork, account: str, arrival: DeliveryReceipt) -> Message | None:
    """The reply of this account that a receipt is about."""
    message = uow.tx.messages.get(arrival.message_id) if arrival.message_id else None
    if message is None and arrival.ref is not None:
        message = uow.tx.messages.by_ref(account, arrival.ref)
    if message is None or message.account != account or message.direction is not Direction.REPLY:
        return None
    return message
