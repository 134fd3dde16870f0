"""Asking the provider for the status of accepted replies whose receipts do not come."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from connector.domain.message import Message
from connector.domain.status import FINAL
from connector.providers.values import DeliveryReceipt
from connector.services import work
from connector.services.sending import receipts
from connector.services.unit_of_work import UnitOfWork
from connector.store.values import Work

# A receipt mostly comes within seconds; when none has come, the provider is asked, ever less often.
POLL_AFTER_S = (300, 1800, 7200, 12 * 3600, 24 * 3600)


def schedule(uow: UnitOfWork, message: Message) -> None:
    line = uow.brand.lines.get(message.line)
    if line is None or not line.is_polled or message.ref is None or message.status in FINAL:
        return
    work.add(uow, work.POLL, message, uow.now + POLL_AFTER_S[0] * 1000)


def claim(uow: UnitOfWork, node: str, limit: int, without: Collection[str] = ()) -> list[tuple[Work, str]]:
    """Claim the replies whose status is due to be asked for, each with the provider's reference."""
    claimed = []
    for job in work.claim(uow, work.POLL, node, limit, without):
        message = uow.tx.messages.get(job.subject)
        if message is None or message.ref is None or message.status in FINAL:
            uow.tx.work.done(job.id)
        else:
            claimed.append((job, message.ref))
    return claimed


def record(uow: UnitOfWork, job: Work, found: Sequence[DeliveryReceipt]) -> None:
    """Take the receipts the provider gave; ask again later while none is final."""
    for receipt in found:
        receipts.take(uow, job.account, receipt)
    message = uow.tx.messages.get(job.subject)
    tries = job.tries + 1
    if message is None or message.status in FINAL or tries >= len(POLL_AFTER_S):
        uow.tx.work.done(job.id)
    else:
        uow.tx.work.reschedule(job.id, uow.now + POLL_AFTER_S[tries] * 1000, is_try=True)
