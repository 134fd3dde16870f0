"""What calls to any company have in common: what a missing answer means, and how trouble is put in words."""

from __future__ import annotations

from enum import StrEnum

import httpx
from msgspec import Struct

from connector.providers.base import Capabilities
from connector.providers.values import Outgoing, Rejected, TryLater, Uncertain

# The connection was never there, so nothing of the request can have arrived.
_NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Advice(StrEnum):
    """What the reader of an error can do about it."""

    NEVER = "Sending it again will fail again."
    FIX = "Change the message, then send it again."
    LATER = "It can be sent again later."
    ADMIN = "Tell the administrator."
    CHECK = "Find out whether it arrived before sending it again."
    ASK = "Ask the consumer to send it again."
    WAIT = "There is nothing to do."


class ErrorMeaning(Struct, frozen=True):
    """One error code of a company in our words: what happened, what to do, and when another try makes sense."""

    words: str
    advice: Advice
    after: str = ""  # e.g. "in an hour"; only with LATER

    def __str__(self) -> str:
        advice = f"It can be sent again {self.after}." if self.after else self.advice.value
        return f"{self.happened} {advice}"

    @property
    def happened(self) -> str:
        """Without advice, for what the core itself tries again."""
        return f"{self.words}."


class ErrorResponse(Exception):
    """The company answered, but not with what a success looks like."""

    def __init__(self, status: int, code: str | None = None, text: str = "", after_s: float | None = None) -> None:
        super().__init__(f"HTTP {status}, code {code}")
        self.status = status
        self.code = code  # the company's own, when the answer was in its form
        self.text = text  # the company's own words
        self.after_s = after_s


def unsendable(message: Outgoing, capabilities: Capabilities, unanswerable: str | None) -> Rejected | None:
    """The refusal of what needs no call to be refused; nothing of a message is ever left out silently."""
    if unanswerable is not None:
        return Rejected(None, unanswerable)
    count, most = len(message.pictures), capabilities.most_pictures_out
    if count > most:
        words = f"{count} pictures are more than the {most} that can be sent" if most else "Pictures cannot be sent"
        return Rejected(None, f"{words} from this account. {Advice.FIX}")
    return None


def outcome_without_answer(company: str, error: httpx.HTTPError) -> TryLater | Uncertain:
    """What a send without an answer means. Only a connection that never was proves that nothing was sent."""
    if isinstance(error, _NEVER_CONNECTED):
        return TryLater(f"{company} could not be reached; nothing was sent.")
    return Uncertain(f"{company} did not answer; nobody knows whether the message was sent.")


def outcome_of_error(
    error: ErrorResponse,
    words: str,
    *,
    trouble: ErrorMeaning | None = None,
    is_pause: bool = False,
    opted_out: bool = False,
) -> Rejected | TryLater | Uncertain:
    """What an answer other than success means for a send, in `words`; `trouble` where its code is known, `is_pause`
    when that code asks for a pause.

    Only the 4xx family says that nothing was done (RFC 9110, 15.5); a 5xx, a redirect or a success that cannot be
    read leaves the fate of the message open.
    """
    if error.status == 429 or is_pause:
        return TryLater(trouble.happened if trouble else words, error.code, error.after_s, is_pause=True)
    if 400 <= error.status < 500:
        return Rejected(error.code, words, opted_out)
    return Uncertain(f"Nobody knows whether the message was sent: {words}")


def status_words(company: str, status: int, setting: str = "api_base") -> str:
    """Words for an answer that has no error code in the company's form, an HTML page for example.

    `setting` is where the address of the call comes from.
    """
    if status == 429:
        return f"{company} had too many requests at once."
    if status in (401, 403):
        return f"{company} refused the sign-in. {Advice.ADMIN}"
    if status >= 500:
        return f"{company} has trouble (HTTP {status})."
    return f"{company} answered HTTP {status} in an unknown form. {Advice.ADMIN} {setting} may be wrong."
