"""Replies that are written now and sent later."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

# What could not be sent for so long after its moment is no longer what its author meant.
MOST_LATE_MS = 2 * 3_600_000


class ScheduledReply(Struct, frozen=True):
    """A reply that its author wants to be sent at a moment, unless more is said before."""

    id: str
    conversation_id: str
    author: str
    text: str
    send_at: int
    seen: int  # the `seq` of the last message its author had seen
    at: int  # when it was written


def next_at(scheduled: Iterable[ScheduledReply]) -> int | None:
    """When the next of them is to be sent."""
    return min((one.send_at for one in scheduled), default=None)


def joined_draft(scheduled: ScheduledReply, draft: str) -> str:
    """The text as a draft again, before what its author has written since."""
    return "\n".join(filter(None, (scheduled.text, draft)))
