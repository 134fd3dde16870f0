"""What a provider's list of messages says of equal texts to one consumer, when it stores no id of ours.

What can be known from such a list is how many of the replies were sent. Which of them it was is known only of a single
one, or when none was left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

# How far the provider's clock may be from ours.
_CLOCKS_APART_MS = 60_000
# From the end of a call to when the provider has its message, if it ever will.
_LATE_MS = 60_000


class EqualReply(Struct, frozen=True):
    """One of our replies with this text, of which it is unknown whether the provider has it."""

    message_id: str
    written_at: int
    ended_at: int | None  # when its latest call ended; None: it is under way
    calls: int = 1  # of unknown end; each may have made a message at the provider


class SomeSent(Struct, frozen=True):
    """So many of these equal replies were sent at least and at most, and it is unknown which; `is_settled`: no more
    will be found."""

    least: int
    most: int
    of: int
    is_settled: bool

    @property
    def words(self) -> str:
        """E.g. "one of two equal replies was sent"."""
        count = f"{'at least ' if self.least < self.most else ''}{_in_words(self.least)}"
        return f"{count} of {_in_words(self.of)} equal replies {'was' if self.least == 1 else 'were'} sent"


class Unexplained(Struct, frozen=True):
    """The provider has more equal messages than we have tried to send."""


def rivals(message_id: str, equals: Sequence[EqualReply], now: int) -> list[EqualReply]:
    """This one of `equals`, and all for which a record of its time may have been made, directly or by way of others."""
    order = sorted(equals, key=lambda one: (one.written_at, one.message_id))
    group: list[EqualReply] = []
    for one in order:
        if group and _begins(one) > max(_ends(each, now) for each in group):
            if any(each.message_id == message_id for each in group):
                break
            group = []
        group.append(one)
    return group


def may_be_of(group: Sequence[EqualReply], taken_at: int | None, now: int) -> bool:
    """Whether a message that the provider took at this moment, where it says so, may be one of these."""
    if taken_at is None:
        return True
    return min(map(_begins, group)) <= taken_at <= max(_ends(one, now) for one in group)


def match(group: Sequence[EqualReply], records: int, now: int) -> SomeSent | Unexplained | None:
    """What `records` (one or more) at the provider say of these replies. None: that all of them were sent."""
    calls = sorted((one.calls for one in group), reverse=True)
    if records > sum(calls):
        return Unexplained()
    if records > sum(calls) - calls[-1]:
        return None
    least = next(count for count in range(1, len(calls) + 1) if sum(calls[:count]) >= records)
    is_settled = all(one.ended_at is not None and now - one.ended_at >= _LATE_MS for one in group)
    return SomeSent(least, min(records, len(group)), len(group), is_settled)


def _begins(one: EqualReply) -> int:
    return one.written_at - _CLOCKS_APART_MS


def _ends(one: EqualReply, now: int) -> int:
    return (now if one.ended_at is None else one.ended_at + _LATE_MS) + _CLOCKS_APART_MS


def _in_words(number: int) -> str:
    names = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return names[number] if number < len(names) else str(number)
