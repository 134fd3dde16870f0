"""Matching our replies to the provider's messages when equal texts went to one consumer."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

# How long to wait for receipts, which carry our id, before the order of sending decides.
_RECEIPT_WITHIN_S = 60


class EqualReply(Struct, frozen=True):
    """One of our replies with the same text to the same consumer, without the provider's reference so far."""

    message_id: str
    started_at: int
    is_calling: bool  # its attempt has not ended


def match_equal_replies(message_id: str, equals: Sequence[EqualReply], free: int, now: int) -> int | None:
    """Index of the provider's message that is this one of `equals`, among its `free` unmatched ones, oldest first.

    With one for each, all were sent, in the order of their attempts. With fewer, some were not sent, and an attempt
    still running or a receipt under way may yet claim one: None until that is settled, or when no message is left.
    """
    if free < len(equals) and any(one.is_calling or now - one.started_at < _RECEIPT_WITHIN_S * 1000 for one in equals):
        return None
    order = sorted(equals, key=lambda one: (one.started_at, one.message_id))
    found = [one.message_id for one in order].index(message_id)
    return found if found < free else None
