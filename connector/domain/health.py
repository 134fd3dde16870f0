"""How a provider account and its lines are, judged by their real traffic and never by hope. Pure."""

from __future__ import annotations

from msgspec import Struct

_SLOW_QUEUE_S = 60
# Some phones are off on any day: so large a part of the hour's replies has to end badly before it says something.
_SHARE_TO_WARN = 0.1
# Nearly all of them, where there are enough to mean something.
_SHARE_OF_DOWN, _ENOUGH = 0.9, 5
_STATES = ("ok", "warning", "down")


class HealthStatus(Struct, frozen=True):
    """`words` and `reasons` are for a person: the worst reason alone, and all that hold, the worst first."""

    state: str  # ok, warning, down, unknown
    words: str
    reasons: tuple[str, ...] = ()


class ReplyCounts(Struct, frozen=True):
    """How the replies written in the last hour fare."""

    taken: int = 0  # the provider has them, and they have not come back
    failed: int = 0  # refused, undelivered or expired
    code: str | None = None  # the most frequent reason of those that failed
    words: str | None = None
    count: int = 0  # how many failed for it


class AccountObservations(Struct, frozen=True):
    """What is known of an account. Counts cover the last hour; moments are milliseconds."""

    signs_in: bool | None  # None: not asked yet
    sign_in_words: str
    refused_hooks: int
    unread_hooks: int
    failed_code: str | None  # of the latest send, when it was not accepted
    failed_words: str | None
    oldest_queued_at: int | None
    replies: ReplyCounts = ReplyCounts()


def account_health(signs: AccountObservations, now: int) -> HealthStatus:
    """Of an account."""
    found = [_replies(signs.replies), _queue(signs.oldest_queued_at, now)]
    if signs.signs_in is False:
        found.append((2, signs.sign_in_words))
    # What holds for the hour says it already.
    if signs.failed_words and not (signs.replies.failed and signs.failed_words == signs.replies.words):
        found.append((1, f"the last send was not taken: {_told(signs.failed_words, signs.failed_code)}"))
    if signs.refused_hooks:
        found.append(
            (
                1,
                f"{signs.refused_hooks} calls without a valid signature: compare the token and public_url with the"
                " provider's console",
            )
        )
    if signs.unread_hooks:
        found.append((1, f"{signs.unread_hooks} calls could not be used: see the list of calls"))
    return _worst(found) or (
        HealthStatus("unknown", "signing in…") if signs.signs_in is None else HealthStatus("ok", signs.sign_in_words)
    )


def line_health(replies: ReplyCounts, inbound: int, oldest_queued_at: int | None, now: int) -> HealthStatus:
    """Of one line; `inbound`: texts from consumers in the last hour."""
    found = _worst([_replies(replies), _queue(oldest_queued_at, now)])
    if found is not None:
        return found
    if not replies.taken and not inbound:
        return HealthStatus("unknown", "nothing came in and nothing was sent in the last hour")
    return HealthStatus("ok", "")


def _worst(found: list[tuple[int, str]]) -> HealthStatus | None:
    """None when there is nothing to say."""
    bad = sorted((one for one in found if one[0]), key=lambda one: -one[0])
    return HealthStatus(_STATES[bad[0][0]], bad[0][1], tuple(words for _, words in bad)) if bad else None


def _replies(replies: ReplyCounts) -> tuple[int, str]:
    every = replies.taken + replies.failed
    if not replies.failed or replies.failed < every * _SHARE_TO_WARN:
        return 0, ""
    is_down = every >= _ENOUGH and replies.failed >= every * _SHARE_OF_DOWN
    words = f"{replies.failed} of the last hour's {every} replies failed"
    if every == 1:
        words = "the only reply of the last hour failed"
    often = "" if replies.count == replies.failed else f"{replies.count} of them: "
    return 2 if is_down else 1, f"{words}: {often}{_told(replies.words, replies.code)}"


def _queue(oldest_at: int | None, now: int) -> tuple[int, str]:
    waited_s = 0 if oldest_at is None else (now - oldest_at) // 1000
    return (1, f"the oldest reply has waited {waited_s} s to be sent") if waited_s > _SLOW_QUEUE_S else (0, "")


def _told(words: str | None, code: str | None) -> str:
    told = (words or "no reason was given").rstrip(".")
    return f"{told} ({code})" if code else told
