"""Delivery status of a message, and the one rule about it: it only moves forward."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a message stands. `RECEIVED` is for inbound, all others for replies."""

    RECEIVED = "received"
    QUEUED = "queued"  # written and committed here; the provider has not been called
    SENDING = "sending"  # an attempt has started
    ACCEPTED = "accepted"  # the provider took it and gave a reference
    SENT = "sent"  # handed to the carrier
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"  # the carrier reported it back
    FAILED = "failed"  # it never left, or the provider gave up
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"  # the call's end is unknown; being looked up, never sent again blindly


_RANK = {
    Status.RECEIVED: 9,
    Status.QUEUED: 0,
    Status.SENDING: 1,
    Status.UNCERTAIN: 2,
    Status.ACCEPTED: 3,
    Status.SENT: 4,
    Status.DELIVERED: 9,
    Status.UNDELIVERED: 9,
    Status.FAILED: 9,
    Status.EXPIRED: 9,
}

FINAL = frozenset(status for status, rank in _RANK.items() if rank == 9)


def advanced(current: Status, reported: Status) -> Status:
    """The later of two statuses; a final one stays, whatever comes after it."""
    return reported if _RANK[reported] > _RANK[current] else current
