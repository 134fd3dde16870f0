"""Delivery status of a message, and the one rule about it: it only moves forward."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a message stands. `RECEIVED` is for inbound, all others for replies."""

    RECEIVED = "received"
    QUEUED = "queued"  # written and committed here; the provider has not been called
    SENDING = "sending"  # an attempt has started
    UNCERTAIN = "uncertain"  # the call's end is unknown; being looked up, never sent again blindly
    ACCEPTED = "accepted"  # the provider took it and gave a reference
    SENT = "sent"  # handed to the carrier
    UNDONE = "withdrawn"  # its author took it back before it left
    EXPIRED = "expired"
    FAILED = "failed"  # it never left, or the provider gave up
    UNDELIVERED = "undelivered"  # the carrier reported it back
    DELIVERED = "delivered"


# Reports come in any order and more than once, so the later status is decided by rank and never by arrival. Among
# final ones delivered is the highest: a carrier that says a text reached the phone is believed over one that gave up.
_RANK = {status: rank for rank, status in enumerate(Status)}

FINAL = frozenset({Status.RECEIVED, Status.UNDONE, Status.EXPIRED, Status.FAILED, Status.UNDELIVERED, Status.DELIVERED})
UNSUCCESSFUL = frozenset({Status.EXPIRED, Status.FAILED, Status.UNDELIVERED})


def furthest(current: Status, reported: Status) -> Status:
    """The status that has come furthest; the order of receipts does not matter."""
    return max(current, reported, key=_RANK.__getitem__)


def earliest(statuses: list[Status]) -> Status:
    """The one that has come least far."""
    return min(statuses, key=_RANK.__getitem__)
