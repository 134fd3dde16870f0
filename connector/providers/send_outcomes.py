"""Outcomes of a send and words for errors, alike for every provider."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import httpx
from msgspec import Struct

from connector.providers.fields import quoted
from connector.providers.outbound import AnswerRefused
from connector.providers.values import Capabilities, Outgoing, Rejected, TryLater, Uncertain

# There was no connection, so nothing of the request can have arrived.
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
    """One error code of a provider in our words: what happened, what to do, and when another try makes sense."""

    words: str
    advice: Advice
    after: str = ""  # e.g. "in an hour"; only with LATER

    def __str__(self) -> str:
        advice = f"It can be sent again {self.after}." if self.after else self.advice.value
        return f"{self.happened} {advice}"

    @property
    def happened(self) -> str:
        """Without advice, for what the core tries again without an agent."""
        return f"{self.words}."


class ErrorResponse(Exception):
    """The provider answered, but not with what a success looks like."""

    def __init__(self, status: int, code: str | None = None, text: str = "", after_s: float | None = None) -> None:
        super().__init__(f"HTTP {status}, code {code}")
        self.status = status
        self.code = code  # the provider's own, when the answer was in its form
        self.text = text  # the provider's own words
        self.after_s = after_s


def unsendable(message: Outgoing, capabilities: Capabilities, unanswerable: str | None) -> Rejected | None:
    """The refusal of a message that needs no call to be refused; no part of a message is ever left out silently."""
    if unanswerable is not None:
        return Rejected(None, unanswerable)
    count, most = len(message.pictures), capabilities.most_pictures_out
    if count > most:
        words = f"{count} pictures are more than the {most} that can be sent" if most else "Pictures cannot be sent"
        return Rejected(None, f"{words} from this account. {Advice.FIX}")
    return None


def is_never_connected(error: BaseException) -> bool:
    """Whether this error of a call proves that nothing of it has left."""
    return isinstance(error, _NEVER_CONNECTED)


def outcome_without_answer(provider: str, error: httpx.HTTPError) -> TryLater | Uncertain:
    """The outcome of a send without an answer. Only a missing connection proves that nothing was sent."""
    if is_never_connected(error):
        return TryLater(f"{provider} could not be reached; nothing was sent.")
    if isinstance(error, AnswerRefused):
        return outcome_of_unreadable(provider)
    return Uncertain(f"{provider} did not answer; it is unknown whether the message was sent.")


def is_of_account(error: ErrorResponse, codes: Collection[str] = ()) -> bool:
    """Whether an error answer to a send is about the account or the address of its API, not about this message: any
    other would be refused alike.

    `codes`: those of the provider that say so. An answer without a code is judged by its status: the sign-in was
    refused (401, 403; 407 of a proxy), or there is nothing at this address (404, 405). With a code of the provider's,
    a 403 may be about one message.
    """
    if error.code is not None:
        return error.code in codes or error.status in (401, 407)
    return error.status in (401, 407) or (error.status in (403, 404, 405) and not error.text)


def outcome_of_error(
    error: ErrorResponse,
    words: str,
    *,
    meaning: ErrorMeaning | None = None,
    is_pause: bool = False,
    is_hold: bool = False,
    opted_out: bool = False,
) -> Rejected | TryLater | Uncertain:
    """The outcome of a send that was answered with an error, in `words`.

    `meaning`: of its code, where that is known; `is_pause`: that code asks for a pause; `is_hold`: see `is_of_account`.

    Only the 4xx family says that nothing was done (RFC 9110, 15.5); after a 5xx, a redirect or an unreadable success
    the message may have been sent.
    """
    if error.status == 429 or is_pause:
        return TryLater(meaning.happened if meaning else words, error.code, error.after_s, is_pause=True)
    if is_hold and 400 <= error.status < 500:
        return TryLater(meaning.happened if meaning else for_administrator(words), error.code, is_hold=True)
    if 400 <= error.status < 500:
        return Rejected(error.code, words, opted_out)
    return Uncertain(f"It is unknown whether the message was sent: {words}")


def outcome_of_unreadable(provider: str) -> Uncertain:
    """The outcome of a send whose answer makes no sense."""
    return Uncertain(f"{provider}'s answer could not be read; it is unknown whether the message was sent.")


def error_words(
    provider: str, meanings: Mapping[str, ErrorMeaning], code: str, text: str = "", page: str | None = None
) -> str:
    """`code` in words with advice; one without a meaning with the provider's own `text` and the `page` about it."""
    if code in meanings:
        return str(meanings[code])
    given = f": {quoted(text)}" if quoted(text) else ""
    return f"{provider} error {quoted(code)}{given}{f' (see {page})' if page else ''}."


def status_words(provider: str, status: int, setting: str = "api_base") -> str:
    """Words for an answer that has no error code in the provider's form, an HTML page for example.

    `setting`: where the address of the call comes from.
    """
    if status == 429:
        return f"{provider} had too many requests at once."
    if status in (401, 403):
        return f"{provider} refused the sign-in. {Advice.ADMIN}"
    if status >= 500:
        return f"{provider} has trouble (HTTP {status})."
    return f"{provider} answered HTTP {status} in an unknown form. {Advice.ADMIN} {setting} may be wrong."


def for_administrator(words: str) -> str:
    """Words for agents as set-up and doctor show them, without the advice to tell the administrator."""
    return words.replace(f" {Advice.ADMIN}", "").replace(". api_base", "; api_base")


def unanswered(provider: str, error: httpx.HTTPError) -> str:
    """Words for a call without a usable answer."""
    if isinstance(error, AnswerRefused):
        return garbled(provider)
    return f"{provider} could not be reached, or did not answer in time."


def garbled(provider: str) -> str:
    return f"{provider}'s answer could not be read. {Advice.ADMIN} api_base may be wrong."
