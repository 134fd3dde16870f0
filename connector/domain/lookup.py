"""Which of the provider's messages is which of ours, when equal texts went to one phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

# How long reports, which do carry our id, are waited for before the order of sending decides.
_REPORTED_WITHIN_S = 60


class EqualReply(Struct, frozen=True):
    """One of our replies with an equal text to the same phone, without a reference so far."""

    message_id: str
    started_at: int
    is_calling: bool  # the call of the provider has no end yet


def match(message_id: str, twins: Sequence[EqualReply], free: int, now: int) -> int | None:
    """Which of the provider's `free` messages, oldest first and nobody's so far, is this one of `twins`.

    With one for each, all were sent, and in the order they were called in. With fewer, some were not: what the
    provider has might be that of a call still out, or be named by a report on its way. None: not to be told yet.
    """
    if free < len(twins) and any(
        twin.is_calling or now - twin.started_at < _REPORTED_WITHIN_S * 1000 for twin in twins
    ):
        return None
    order = sorted(twins, key=lambda twin: (twin.started_at, twin.message_id))
    found = [twin.message_id for twin in order].index(message_id)
    return found if found < free else None
