"""Which of our replies has which of the provider's references, and what was assumed about it.

At a provider that stores no id of ours, a look-up finds a reply by its text, so the reference found is an assumption.
It gives way to what is known: the answer to a send, or a receipt that carries our id.
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.delivery import Delivery, summary
from connector.domain.message import Message
from connector.domain.status import Status
from connector.services import work
from connector.services.sending import statuses
from connector.services.unit_of_work import UnitOfWork

# The oldest equal reply whose message may be among those found: one that waited in the outbox for two hours.
_EQUALS_WITHIN_MS = 3 * 3_600_000


def with_known(uow: UnitOfWork, message: Message, ref: str) -> Message:
    """The reply with the reference that the provider gave it, not saved yet. A reply that was assumed to have it loses
    it, and what its status said of it.

    Some providers give one reference to several messages: known of one, it stays with that one.
    """
    if message.ref == ref:
        return message
    holder = uow.tx.messages.by_ref(message.account, ref)
    if holder is not None and not is_assumed(uow, holder):
        return message
    if message.ref is not None and not is_assumed(uow, message):
        return message
    if holder is not None:
        look_up_again(uow, holder)
    if message.status not in (Status.QUEUED, Status.SENDING):
        _look_up_equals_now(uow, message)
    return replace(message, ref=ref)


def _look_up_equals_now(uow: UnitOfWork, message: Message) -> None:
    """It was looked up, and is known now: that may settle the replies that are equal to it."""
    for one in equal_replies(uow, message) if can_look_up(uow, message) else ():
        if one.id != message.id and uow.tx.work.cancel(work.LOOK_UP, one.id):
            work.add(uow, work.LOOK_UP, one, uow.now)


def can_look_up(uow: UnitOfWork, message: Message) -> bool:
    """Whether its provider can be asked about it. A line that is not configured here may be so again, or elsewhere."""
    line = uow.brand.lines.get(message.line)
    return line is None or line.can_look_up


def equal_replies(uow: UnitOfWork, message: Message) -> list[Message]:
    """The replies without a reference that have the text of this one, itself included, of about its time."""
    return uow.tx.messages.without_ref(message, message.at - _EQUALS_WITHIN_MS)


def is_free(uow: UnitOfWork, message: Message, ref: str) -> bool:
    """Whether the provider's reference belongs to no other message, for all we know."""
    holder = uow.tx.messages.by_ref(message.account, ref)
    return holder is None or holder.id == message.id


def is_assumed(uow: UnitOfWork, message: Message) -> bool:
    """Whether the reply has its reference by a look-up that found an equal text, and nothing else."""
    attempt = uow.tx.attempts.latest(message.id)
    if attempt is None or attempt.outcome != "found":
        return False
    said = uow.tx.receipts.for_message(message.account, message.id, message.ref)
    return not any(one.message_id == message.id and one.ref == message.ref for one in said)


def look_up_again(uow: UnitOfWork, message: Message) -> None:
    """Undo what a look-up has concluded about a reply: what happened to it is unknown, unless a receipt with our id has
    said so, and it is looked up anew."""
    attempt = uow.tx.attempts.latest(message.id)
    if attempt is None:
        return
    uow.tx.attempts.update(replace(attempt, outcome="uncertain"))
    bare = replace(message, ref=None, raw_status=None)
    uow.tx.messages.update(bare)
    back = summary(uow.tx.receipts.for_message(bare.account, bare.id, None)) or Delivery(
        Status.UNCERTAIN, words=attempt.words
    )
    statuses.save(uow, replace(bare, status=back.status, code=back.code, words=back.words))
    for kind in (work.SEND, work.LOOK_UP):
        uow.tx.work.cancel(kind, bare.id)
    work.add(uow, work.LOOK_UP, bare, uow.now)
