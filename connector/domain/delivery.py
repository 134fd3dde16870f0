"""What a reply's delivery reports say together."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.domain.status import UNSUCCESSFUL, Status, earliest, furthest


class Receipt(Struct, frozen=True):
    """One delivery report. `message_id` when the callback carried ours, `ref` when it named the provider's."""

    account: str
    at: int
    status: Status
    raw_status: str  # the vendor's own word or code
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
    """The status of the whole message; None without reports.

    Each part stands where its furthest report says. A text in several parts is only as well off as its worst part:
    delivered when every part is, failed as soon as one part has failed for good. Order and repetition of reports do
    not matter.
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
    reported = ReceiptSummary(receipt.status, receipt.code, receipt.words)
    if known is None:
        return reported
    if furthest(known.status, receipt.status) is not known.status:
        return reported
    if known.status is receipt.status and known.status in UNSUCCESSFUL and (receipt.code or "") > (known.code or ""):
        return reported  # a report with a reason says more than one without; any fixed choice among two reasons
    return known
