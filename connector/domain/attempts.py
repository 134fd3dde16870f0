"""Attempts to send a reply: when one that did not succeed is retried, looked up or given up."""

from __future__ import annotations

from msgspec import Struct

# After the first, second, … attempt that certainly sent nothing.
BACKOFF_S = (2, 10, 30, 120, 300, 600)
# Pause of an account when the provider names no time, and the longest pause a provider gets.
_PAUSE_S, LONGEST_PAUSE_S = 2, 900
# A reply that arrives hours late no longer answers what it was written for.
_GIVE_UP_AFTER_S = 2 * 3600
# From one look-up to the next, by how many were done; the last again and again.
LOOK_UP_AFTER_S = (3, 15, 45, 180, 900, 3600)
# Where the provider cannot be asked, only a receipt can say more, and mostly does so within seconds.
RECEIPT_WITHIN_S = 120
# A provider's list of messages may lag behind its sends: that it has none of ours counts only so long after the call.
_BELIEVED_MISSING_AFTER_S, _BELIEVED_MISSING_TRIES = 60, 3
# How often a reply is sent again by itself after a look-up has proven that it was not sent.
_MOST_REQUEUES = 2
NO_RECORD = "not sent: the provider has no record of it"
# Outcomes of attempts that do not count as tries: proven unsent by a look-up; and refused for the account.
NOT_SENT, HELD = "not_sent", "held"
# There was no connection to the provider: of attempts that are made again, those that were not asked to wait.
UNREACHED = "unreached"
# Outcomes after which the provider has the message.
SENT = ("accepted", "found", "all_sent")
# From the end of the call to when an agent is asked to decide, and to the last look-up.
_LEFT_TO_AGENT_AFTER_S, _LOOKED_UP_FOR_S = 1000, 48 * 3600
# So many were done at least, also when a clock that was set forward says that the time is over.
_FEWEST_LOOK_UPS = 5
# The longest that look-ups go on before an agent is asked, as far as each comes when it is due.
ASKED_WITHIN_S = sum(LOOK_UP_AFTER_S[:_FEWEST_LOOK_UPS])
# One reply at a time is tried while an account is held: this long after the one before, or when that had no answer.
_PROBE_AFTER_S, _PROBE_LIMIT_S = 60, 120


class Attempt(Struct, frozen=True):
    """One call of the provider's send. `outcome` is None while its end is unknown."""

    message_id: str
    number: int  # from 1
    account: str
    started_at: int
    ended_at: int | None = None
    # accepted, refused, try_later, UNREACHED, HELD, uncertain; and what look-ups made of uncertain: found (the provider
    # has one equal text), all_sent (it has as many as there are equal replies), NOT_SENT (it has none).
    outcome: str | None = None
    code: str | None = None
    words: str | None = None


class RetryAt(Struct, frozen=True):
    at: int


class GiveUp(Struct, frozen=True):
    words: str


def after_unsent_attempt(
    tries: int, written_at: int, now: int, asked_s: float | None, consumer_wrote_again: bool
) -> RetryAt | GiveUp:
    """Retry or give up after an attempt that certainly sent nothing.

    `tries` counts from 1; `asked_s` is the pause the provider asked for. When the consumer has written since the reply
    was written, a late reply would answer the wrong text.
    """
    if consumer_wrote_again:
        return GiveUp("not sent: the consumer has written again meanwhile")
    if tries > len(BACKOFF_S):
        return GiveUp(f"not sent: tried {tries} times")
    pause_s = max(BACKOFF_S[tries - 1], asked_s or 0)
    if now + pause_s * 1000 > written_at + _GIVE_UP_AFTER_S * 1000:
        return GiveUp("not sent in time")
    return RetryAt(now + round(pause_s * 1000))


def after_held_attempt(written_at: int, now: int, consumer_wrote_again: bool) -> RetryAt | GiveUp:
    """Wait or give up after an attempt that was refused for the account, not for the message.

    Others of the account are tried before it again: should it be this message after all, it is not what they wait for.
    """
    if consumer_wrote_again:
        return GiveUp("not sent: the consumer has written again meanwhile")
    if now > written_at + _GIVE_UP_AFTER_S * 1000:
        return GiveUp("not sent in time")
    return RetryAt(now + 2 * _PROBE_AFTER_S * 1000)


def probe_at(now: int, *, is_under_way: bool) -> int:
    """When the next reply of a held account is tried."""
    return now + (_PROBE_LIMIT_S if is_under_way else _PROBE_AFTER_S) * 1000


def bounded_probe_at(at: int, now: int) -> int:
    """When the next reply is tried, by a stored moment; now, where that is further off than any can be (the clock was
    set back)."""
    return now if at > now + _PROBE_LIMIT_S * 1000 else at


def pause_until(asked_s: float | None, now: int) -> int:
    """End of the pause of an account whose provider asked for one; `asked_s`: how long, where it says."""
    return now + round(min(asked_s or _PAUSE_S, LONGEST_PAUSE_S) * 1000)


def retry_words(happened: str, at: int, now: int) -> str:
    """Words for an agent between two attempts, who would otherwise send the reply again. They give a limit instead of a
    moment, and so stay true while they are shown."""
    wait_s = max(1, -(-(at - now) // 1000))
    within = f"{wait_s} s" if wait_s <= 90 else f"{-(-wait_s // 60)} min"
    return f"{happened.rstrip('.')}; it is tried again by itself within {within}. There is nothing to do."


def too_late(written_at: int, now: int, *, is_retry: bool, consumer_wrote_again: bool) -> str | None:
    """Why a reply that is next to be sent must not be sent any more, or None."""
    if now - written_at > _GIVE_UP_AFTER_S * 1000:
        return "not sent in time"
    if is_retry and consumer_wrote_again:
        return "not sent: the consumer has written again meanwhile"
    return None


def first_look_up_at(now: int, *, can_look_up: bool) -> int:
    """When to look up a send whose end is unknown, or where that is impossible, to leave it to an agent."""
    return now + (LOOK_UP_AFTER_S[0] if can_look_up else RECEIPT_WITHIN_S) * 1000


def is_missing(tries: int, ended_at: int, now: int) -> bool:
    """Whether a reply that the provider has no record of, at the last of so many look-ups, was not sent.

    Their pauses add up to the same time, whatever the clock is set to meanwhile.
    """
    return tries >= _BELIEVED_MISSING_TRIES and abs(now - ended_at) >= _BELIEVED_MISSING_AFTER_S * 1000


def after_proof_unsent(requeues: int, written_at: int, now: int, *, is_overtaken: bool) -> RetryAt | GiveUp:
    """Send again or give up after a look-up has proven that an attempt of unknown end sent nothing.

    `requeues`: how often the reply was sent again for that already; `is_overtaken`: something was said since, by either
    side, which this would come after.
    """
    if is_overtaken:
        return GiveUp(f"{NO_RECORD}, and more was written since")
    if requeues >= _MOST_REQUEUES:
        return GiveUp(f"{NO_RECORD}, tried {requeues + 1} times")
    if now > written_at + _GIVE_UP_AFTER_S * 1000:
        return GiveUp(f"not sent in time: {NO_RECORD.removeprefix('not sent: ')}")
    return RetryAt(now)


def is_left_to_agent(tries: int, ended_at: int, now: int) -> bool:
    """Whether an agent has to decide about a reply whose end is still unknown after so many look-ups."""
    return tries >= _FEWEST_LOOK_UPS or now - ended_at >= _LEFT_TO_AGENT_AFTER_S * 1000


def next_look_up_at(tries: int, ended_at: int, now: int) -> int | None:
    """When to look up again after `tries` look-ups that did not settle it; None: no more."""
    if tries >= _FEWEST_LOOK_UPS and now - ended_at >= _LOOKED_UP_FOR_S * 1000:
        return None
    return now + LOOK_UP_AFTER_S[min(tries, len(LOOK_UP_AFTER_S) - 1)] * 1000
