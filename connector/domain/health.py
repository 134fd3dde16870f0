"""Health of accounts and lines, judged by their real traffic."""

from __future__ import annotations

from msgspec import Struct

from connector.base.counted import count
from connector.base.error_code import has_code

_SLOW_QUEUE_S = 60
# A gateway that restarts is not down. By then a reply was tried three times.
_UNREACHED_S = 10
# Some phones are always off: failures below this share of an hour's replies are normal.
_SHARE_TO_WARN = 0.1
# One text may be changed on its way; many are the account's settings, or a mistake in what is predicted.
_DRIFTS_TO_WARN, _DRIFT_SHARE_TO_WARN = 3, 0.05
# Share of failures that means the line is down, from this many replies on.
_SHARE_OF_DOWN, _ENOUGH = 0.9, 5
_STATES = ("ok", "warning", "down")


class HealthStatus(Struct, frozen=True):
    """Health with its reasons for a person: the worst in `words`, all of them in `reasons`, the worst first."""

    state: str  # ok, warning, down, unknown
    words: str
    reasons: tuple[str, ...] = ()


class ReplyCounts(Struct, frozen=True):
    """Outcomes of the replies of the last hour."""

    taken: int = 0  # accepted by the provider and not failed
    failed: int = 0  # failed, undelivered or expired
    code: str | None = None  # the most frequent reason of failure
    words: str | None = None
    count: int = 0  # failures for that reason


class BillingDrift(Struct, frozen=True):
    """Replies of the last hour that were billed as another number of segments than was predicted."""

    replies: int = 0
    predicted: int = 0  # of the commonest of them
    billed: int = 0
    is_mixed: bool = False  # there are others


class AccountObservations(Struct, frozen=True):
    """What is known of an account. Counts cover the last hour."""

    signs_in: bool | None  # None: not tried yet
    sign_in_words: str
    refused_hooks: int
    unread_hooks: int
    failed_code: str | None  # of the latest attempt, when it was not accepted
    failed_words: str | None
    oldest_queued_at: int | None
    replies: ReplyCounts = ReplyCounts()
    unreached_since: int | None = None  # since when no attempt has come to the provider
    held: int = 0  # replies that wait because the provider takes nothing from the account
    drift: BillingDrift = BillingDrift()


def account_health(signs: AccountObservations, now: int) -> HealthStatus:
    found = [_replies(signs.replies), _queue(signs.oldest_queued_at, now)]
    if signs.held:
        found.append((2, f"replies are held: {why_held(signs)}; {signs.held} waiting"))
    is_unreached = _is_unreached(signs, now)
    if is_unreached:
        found.append((2, f"no reply leaves: {_with_code(signs.failed_words, signs.failed_code)}"))
    if signs.signs_in is False:
        found.append((2, signs.sign_in_words))
    # Not a second time, when it is the reason of the hour's failures.
    if (
        signs.failed_words
        and not (signs.held or is_unreached)
        and not (signs.replies.failed and signs.failed_words == signs.replies.words)
    ):
        found.append((1, f"the last send was not taken: {_with_code(signs.failed_words, signs.failed_code)}"))
    if signs.refused_hooks:
        found.append(
            (
                1,
                f"{count(signs.refused_hooks, 'call')} without a valid signature: compare the token and public_url"
                " with the provider's console",
            )
        )
    found.append(_drift(signs.drift, signs.replies))
    if signs.unread_hooks:
        found.append((1, f"{count(signs.unread_hooks, 'call')} could not be used: see the list of calls"))
    return _worst(found) or (
        HealthStatus("unknown", "signing in…") if signs.signs_in is None else HealthStatus("ok", signs.sign_in_words)
    )


def _is_unreached(signs: AccountObservations, now: int) -> bool:
    """Whether replies wait because there is no connection to the provider."""
    since = signs.unreached_since
    return signs.oldest_queued_at is not None and since is not None and now - since >= _UNREACHED_S * 1000


def why_held(signs: AccountObservations) -> str:
    """Why the provider takes nothing from the account."""
    return _with_code(signs.failed_words or signs.sign_in_words, signs.failed_code)


def line_health(replies: ReplyCounts, inbound: int, oldest_queued_at: int | None, now: int) -> HealthStatus:
    """`inbound`: texts from consumers in the last hour."""
    found = _worst([_replies(replies), _queue(oldest_queued_at, now)])
    if found is not None:
        return found
    if not replies.taken and not inbound:
        return HealthStatus("unknown", "nothing came in and nothing was sent in the last hour")
    return HealthStatus("ok", "")


def _worst(found: list[tuple[int, str]]) -> HealthStatus | None:
    """None when nothing is wrong."""
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
    return 2 if is_down else 1, f"{words}: {often}{_with_code(replies.words, replies.code)}"


def _drift(drift: BillingDrift, replies: ReplyCounts) -> tuple[int, str]:
    every = max(drift.replies, replies.taken + replies.failed)
    if drift.replies < _DRIFTS_TO_WARN or drift.replies < every * _DRIFT_SHARE_TO_WARN:
        return 0, ""
    billed = f"billed {count(drift.billed, 'segment')} where {drift.predicted:,} {_were(drift.predicted)} predicted"
    often = " most often" if drift.is_mixed else ""
    return 1, f"{billed}{often}, {drift.replies:,} of the last hour's {count(every, 'reply', 'replies')}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _queue(oldest_at: int | None, now: int) -> tuple[int, str]:
    waited_s = 0 if oldest_at is None else (now - oldest_at) // 1000
    return (1, f"the oldest reply has waited {waited_s} s to be sent") if waited_s > _SLOW_QUEUE_S else (0, "")


def _with_code(words: str | None, code: str | None) -> str:
    words = (words or "no reason was given").rstrip(".")
    return f"{words} ({code})" if code and not has_code(words, code) else words
