"""When a send that did not succeed is tried again, looked up, or given up. Pure; moments are milliseconds."""

from __future__ import annotations

from msgspec import Struct

# After the first, second, … try that certainly sent nothing.
_BACKOFF_S = (2, 10, 30, 120, 300, 600)
# Of a whole account: when the provider names no time, and however long it asks for; then it is asked again.
_PAUSE_S, _LONGEST_PAUSE_S = 2, 900
# An answer that comes hours late lands in another context than it was written for.
_GIVE_UP_AFTER_S = 2 * 3600
# After an uncertain send: a provider's list may lag behind its own sends, so a look-up that finds nothing is believed
# only when the message has had this long to appear.
_LOOK_UP_AFTER_S = (3, 15, 45, 180, 900)
_BELIEVED_MISSING_AFTER_S = 60


class Attempt(Struct, frozen=True):
    """One call of the provider's send. `outcome` is None while nobody knows how it ended."""

    message_id: str
    number: int  # from 1
    account: str
    started_at: int
    ended_at: int | None = None
    outcome: str | None = None  # accepted, refused, try_later, uncertain
    code: str | None = None
    words: str | None = None


class RetryAt(Struct, frozen=True):
    at: int


class GiveUp(Struct, frozen=True):
    words: str


def after_unsent_attempt(
    tries: int, written_at: int, now: int, asked_s: float | None, consumer_wrote_again: bool
) -> RetryAt | GiveUp:
    """What follows a try that certainly sent nothing.

    `tries` counts from 1; `asked_s` is the pause the provider asked for; `consumer_wrote_again`: after this reply was
    written, so that it would land in the wrong place.
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
    """Until when an account sends nothing whose provider wants a pause; `asked_s`: for so long."""
    return now + round(min(asked_s or _PAUSE_S, _LONGEST_PAUSE_S) * 1000)


def retry_words(happened: str, at: int, now: int) -> str:
    """What an agent reads between two tries, so that nobody sends it a second time by hand. A limit, and not a moment:
    it stays true for as long as it is shown."""
    wait_s = max(1, -(-(at - now) // 1000))
    within = f"{wait_s} s" if wait_s <= 90 else f"{-(-wait_s // 60)} min"
    return f"{happened.rstrip('.')}; it is tried again by itself within {within}. There is nothing to do."


def too_late(written_at: int, now: int, *, is_retry: bool, consumer_wrote_again: bool) -> str | None:
    """Why a reply whose turn has come must not be sent any more, or None."""
    if now - written_at > _GIVE_UP_AFTER_S * 1000:
        return "not sent in time"
    if is_retry and consumer_wrote_again:
        return "not sent: the consumer has written again meanwhile"
    return None


def first_look_up_at(now: int) -> int:
    """When to ask the provider about a send whose end is unknown."""
    return now + _LOOK_UP_AFTER_S[0] * 1000


def after_look_up(tries: int, started_at: int, now: int, is_missing: bool) -> RetryAt | GiveUp | None:
    """What follows a look-up that did not find the message: `is_missing` when the provider has no record of it.

    GiveUp: it was not sent. None: nobody can say; a receipt may still settle it.
    """
    if is_missing and now - started_at >= _BELIEVED_MISSING_AFTER_S * 1000:
        return GiveUp("not sent: the provider has no record of it")
    if tries < len(_LOOK_UP_AFTER_S):
        return RetryAt(now + _LOOK_UP_AFTER_S[tries] * 1000)
    return None
