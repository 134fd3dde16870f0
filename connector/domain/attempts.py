"""Attempts to send a reply: when one that did not succeed is retried, looked up or given up."""

from __future__ import annotations

from msgspec import Struct

# After the first, second, … attempt that certainly sent nothing.
_BACKOFF_S = (2, 10, 30, 120, 300, 600)
# Pause of an account when the provider names no time, and the longest pause a provider gets.
_PAUSE_S, _LONGEST_PAUSE_S = 2, 900
# A reply that arrives hours late no longer answers what it was written for.
_GIVE_UP_AFTER_S = 2 * 3600
# A provider's message list may lag behind its sends: a look-up that finds nothing counts only after this long.
_LOOK_UP_AFTER_S = (3, 15, 45, 180, 900)
_BELIEVED_MISSING_AFTER_S = 60
# How often a reply is sent again by itself after a look-up has proven that it was not sent.
_MOST_REQUEUES = 2
_NO_RECORD = "not sent: the provider has no record of it"
NOT_SENT = "not_sent"  # outcome of an attempt


class Attempt(Struct, frozen=True):
    """One call of the provider's send. `outcome` is None while its end is unknown."""

    message_id: str
    number: int  # from 1
    account: str
    started_at: int
    ended_at: int | None = None
    outcome: str | None = None  # accepted, refused, try_later, uncertain; NOT_SENT: proven later
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
    if tries > len(_BACKOFF_S):
        return GiveUp(f"not sent: tried {tries} times")
    pause_s = max(_BACKOFF_S[tries - 1], asked_s or 0)
    if now + pause_s * 1000 > written_at + _GIVE_UP_AFTER_S * 1000:
        return GiveUp("not sent in time")
    return RetryAt(now + round(pause_s * 1000))


def pause_until(asked_s: float | None, now: int) -> int:
    """End of the pause of an account whose provider asked for one; `asked_s`: how long, where it says."""
    return now + round(min(asked_s or _PAUSE_S, _LONGEST_PAUSE_S) * 1000)


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


def first_look_up_at(now: int) -> int:
    """When to look up a send whose end is unknown."""
    return now + _LOOK_UP_AFTER_S[0] * 1000


def after_look_up(tries: int, started_at: int, now: int, is_missing: bool) -> RetryAt | GiveUp | None:
    """What follows a look-up that did not find the reply; `is_missing`: the provider has no record of it.

    GiveUp: it was not sent. None: its end stays unknown, unless a receipt comes.
    """
    if is_missing and now - started_at >= _BELIEVED_MISSING_AFTER_S * 1000:
        return GiveUp(_NO_RECORD)
    if tries < len(_LOOK_UP_AFTER_S):
        return RetryAt(now + _LOOK_UP_AFTER_S[tries] * 1000)
    return None


def after_proof_unsent(requeues: int, written_at: int, now: int, *, is_overtaken: bool) -> RetryAt | GiveUp:
    """Send again or give up after a look-up has proven that an attempt of unknown end sent nothing.

    `requeues`: how often the reply was sent again for that already; `is_overtaken`: something was said since, by either
    side, which this would come after.
    """
    if is_overtaken:
        return GiveUp(f"{_NO_RECORD}, and more was written since")
    if requeues >= _MOST_REQUEUES:
        return GiveUp(f"{_NO_RECORD}, tried {requeues + 1} times")
    if now > written_at + _GIVE_UP_AFTER_S * 1000:
        return GiveUp(f"not sent in time: {_NO_RECORD.removeprefix('not sent: ')}")
    return RetryAt(now)
