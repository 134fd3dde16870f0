"""Order of the queue: first what has a reply that did not arrive, then consumers who wait, by due time; what was given
back or transferred moves ahead.

A rank is a moment, the sum of parts that can be shown, and the earliest is next. So two queued conversations keep their
order while time passes.
"""

from __future__ import annotations

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.wire import limits

# A conversation given back or transferred has waited before: each time moves it ahead by this much, up to a limit.
_AHEAD_MS = 5 * 60_000
_MOST_MOVES = 3
# A reminder is worked on this long before it is due.
_REMINDER_MS = 10 * 60_000


class ScorePart(Struct, frozen=True):
    """One part of a rank, with its meaning."""

    words: str
    ms: int


def score(conversation: Conversation) -> tuple[ScorePart, ...]:
    """The parts of a rank: first a moment, then what moves it."""
    found = []
    if conversation.waiting_since is not None or conversation.handed_by is not None or conversation.returned_by:
        start = conversation.due_at or conversation.queued_at or conversation.opened_at
        words = "its answer is due" if conversation.due_at else "it came into the queue"
        found.append(ScorePart(words, start))
    elif conversation.due_at is not None:
        found.append(
            ScorePart("a reminder: it is worked on shortly before it is due", conversation.due_at - _REMINDER_MS)
        )
        found.append(ScorePart("no answer is awaited", limits.BEHIND_MS))
    else:
        found.append(ScorePart("its last message", conversation.last_at))
        found.append(ScorePart("it waits for the consumer, not for us", limits.BEHIND_MS))
    if conversation.unsent:
        replies = "a reply was" if conversation.unsent == 1 else f"{conversation.unsent} replies were"
        found.append(ScorePart(f"{replies} not sent: first of all", -limits.BEHIND_MS))
    if conversation.moves:
        times = min(conversation.moves, _MOST_MOVES)
        found.append(ScorePart(f"given back or transferred {_times(conversation.moves)}", -times * _AHEAD_MS))
    return tuple(found)


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def rank(conversation: Conversation) -> int:
    return sum(part.ms for part in score(conversation))
