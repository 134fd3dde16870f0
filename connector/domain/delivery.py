"""Receipts of a reply, and the delivery status they add up to."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from connector.domain.status import Status, earliest, furthest


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
    opted_out: bool = False  # the provider says that the consumer may not be texted


class Delivery(Struct, frozen=True):
    """How far a reply has come, with the code and the words that explain it: the three always belong together."""

    status: Status
    code: str | None = None
    words: str | None = None


def further(one: Delivery, other: Delivery) -> Delivery:
    """The one that has come further; of two with the same status always the same one, one with a reason if any."""
    if one.status is other.status:
        return max(one, other, key=lambda each: (each.code or "", each.words or ""))
    return one if furthest(one.status, other.status) is one.status else other


def summary(receipts: Iterable[Receipt]) -> Delivery | None:
    """How far the whole reply has come; None without receipts. Order and repetition of receipts do not matter.

    A part has come as far as its furthest receipt says. The reply has come as far as its worst part: it is delivered
    when every part is, and has failed as soon as one part has failed for good.
    """
    parts: dict[int, Delivery] = {}
    expected = 1
    for receipt in receipts:
        expected = max(expected, receipt.parts)
        said = Delivery(receipt.status, receipt.code, receipt.words)
        known = parts.get(receipt.part)
        parts[receipt.part] = said if known is None else further(known, said)
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
    return Delivery(status, words=words)
