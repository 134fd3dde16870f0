"""Delivery status of a message, and the order in which one comes after another."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a message stands. `RECEIVED` is for inbound, all others for replies."""

    RECEIVED = "received"
    QUEUED = "queued"  # committed; no attempt has started
    SENDING = "sending"  # an attempt has started
    UNCERTAIN = "uncertain"  # the attempt's end is unknown; looked up, never repeated blindly
    ACCEPTED = "accepted"  # by the provider, which gave a reference
    SENT = "sent"  # to the carrier
    UNDONE = "withdrawn"  # by its author, before it was sent
    EXPIRED = "expired"
    FAILED = "failed"  # never sent, or the provider gave up
    UNDELIVERED = "undelivered"  # by the carrier
    DELIVERED = "delivered"


# Receipts come in any order and repeatedly, so rank decides and arrival does not. Delivered is the highest of the final
# ones: a carrier that says a text reached the phone is believed over one that gave up.
_RANK = {status: rank for rank, status in enumerate(Status)}

FINAL = frozenset({Status.RECEIVED, Status.UNDONE, Status.EXPIRED, Status.FAILED, Status.UNDELIVERED, Status.DELIVERED})
UNSUCCESSFUL = frozenset({Status.EXPIRED, Status.FAILED, Status.UNDELIVERED})
NEVER_RECEIVED = UNSUCCESSFUL | {Status.UNDONE}


def furthest(current: Status, reported: Status) -> Status:
    """The status that has come furthest; the order of receipts does not matter."""
    return max(current, reported, key=_RANK.__getitem__)


def earliest(statuses: list[Status]) -> Status:
    """The status that has come least far."""
    return min(statuses, key=_RANK.__getitem__)
