"""How a provider account is, judged by its real traffic and never by hope."""

from __future__ import annotations

from msgspec import Struct

_SLOW_QUEUE_S = 60


class Light(Struct, frozen=True):
    state: str  # ok, warning, down, unknown
    words: str


class Signs(Struct, frozen=True):
    """What is known. Counts cover the last hour; moments are milliseconds."""

    signs_in: bool | None  # None: not asked yet
    sign_in_words: str
    refused_hooks: int
    unread_hooks: int
    failed_code: str | None  # of the latest send, when it was not accepted
    failed_words: str | None
    oldest_queued_at: int | None


def light(signs: Signs, now: int) -> Light:
    """The worst sign decides."""
    if signs.signs_in is False:
        return Light("down", signs.sign_in_words)
    if signs.failed_words:
        code = f" ({signs.failed_code})" if signs.failed_code else ""
        return Light("warning", f"the last send was not taken: {signs.failed_words}{code}")
    if signs.oldest_queued_at is not None and now - signs.oldest_queued_at > _SLOW_QUEUE_S * 1000:
        waited_s = (now - signs.oldest_queued_at) // 1000
        return Light("warning", f"the oldest reply has waited {waited_s} s to be sent")
    if signs.refused_hooks:
        return Light(
            "warning",
            f"{signs.refused_hooks} calls without a valid signature: compare the token and public_url with the"
            " provider's console",
        )
    if signs.unread_hooks:
        return Light("warning", f"{signs.unread_hooks} calls could not be used: see the list of calls")
    if signs.signs_in is None:
        return Light("unknown", "signing in…")
    return Light("ok", signs.sign_in_words)
