"""Who is next: those who wait for us, then what is due soonest, what was given back or transferred before its time.

The score of a conversation falls apart into parts that can be read. It is a moment rather than a number of points:
the one whose moment is earliest is next, and so two that wait keep their order while time passes.
"""

from __future__ import annotations

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.wire import limits

# What was given back or transferred has waited for somebody already; each time puts it this much ahead, up to a limit.
_AHEAD_MS = 5 * 60_000
_MOST_MOVES = 3
# Due soon enough to be worked on although it is our own reminder and nobody has written.
_REMINDER_MS = 10 * 60_000


class ScorePart(Struct, frozen=True):
    """`ms` added to the moment: less is earlier."""

    words: str
    ms: int


def score(conversation: Conversation) -> tuple[ScorePart, ...]:
    """The first is where it starts, the others move it."""
    found = []
    if conversation.waiting_since is not None or conversation.handed_by is not None or conversation.returned_by:
        start = conversation.due_at or conversation.queued_at or conversation.opened_at
        words = "its answer is due" if conversation.due_at else "it came into the queue"
        found.append(ScorePart(words, start))
    elif conversation.due_at is not None:
        found.append(
            ScorePart("a reminder: it is worked on shortly before it is due", conversation.due_at - _REMINDER_MS)
        )
        found.append(ScorePart("nobody waits for an answer", limits.BEHIND_MS))
    else:
        found.append(ScorePart("its last message", conversation.last_at))
        found.append(ScorePart("it waits for the consumer, not for us", limits.BEHIND_MS))
    if conversation.moves:
        times = min(conversation.moves, _MOST_MOVES)
        found.append(ScorePart(f"given back or transferred {conversation.moves} times", -times * _AHEAD_MS))
    return tuple(found)


def rank(conversation: Conversation) -> int:
    return sum(part.ms for part in score(conversation))
