"""Receipts of a reply, and the delivery status they add up to."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.domain.status import UNSUCCESSFUL, Status, earliest, furthest


class Receipt(Struct, frozen=True):
    """One receipt. It names the reply by our id (`message_id`), by the provider's (`ref`), or by both."""

    account: str
    at: int
    status: Status
    raw_status: str  # the provider's own word or code
    ref: str | None = None
    message_id: str | None = None
    code: str | None = None
    words: str | None = None
    part: int = 1
    parts: int = 1


class ReceiptSummary(Struct, frozen=True):
    status: Status
    code: str | None = None
    words: str | None = None


def summary(receipts: Iterable[Receipt]) -> ReceiptSummary | None:
    """Status of the whole reply; None without receipts. Order and repetition of receipts do not matter.

    A part has the status of its furthest receipt. The reply has that of its worst part: it is delivered when every
    part is, and has failed as soon as one part has failed for good.
    """
    parts: dict[int, ReceiptSummary] = {}
    expected = 1
    for receipt in receipts:
        expected = max(expected, receipt.parts)
        parts[receipt.part] = _later(parts.get(receipt.part), receipt)
    if not parts:
        return None
    for status in (Status.UNDELIVERED, Status.FAILED, Status.EXPIRED):
        for number in sorted(parts):
            if parts[number].status is status:
                return parts[number]
    waiting = [Status.ACCEPTED] * (expected - len(parts))
    status = earliest([part.status for part in parts.values()] + waiting)
    arrived = sum(part.status is Status.DELIVERED for part in parts.values())
    words = f"{arrived} of {expected} parts delivered" if expected > 1 and 0 < arrived < expected else None
    return ReceiptSummary(status, words=words)


def _later(known: ReceiptSummary | None, receipt: Receipt) -> ReceiptSummary:
    new = ReceiptSummary(receipt.status, receipt.code, receipt.words)
    if known is None:
        return new
    if furthest(known.status, receipt.status) is not known.status:
        return new
    if known.status is receipt.status and known.status in UNSUCCESSFUL and (receipt.code or "") > (known.code or ""):
        return new  # a receipt with a reason over one without; of two reasons, always the same one
    return known
