"""Twilio's error codes in words for an agent, and what to do about them.

The same codes come in the answer to a call, in status callbacks (`ErrorCode`) and in the message resource.
"""

from __future__ import annotations

from connector.providers.send_outcomes import Advice, ErrorMeaning, ErrorResponse, error_words, status_words
from connector.providers.twilio.meanings import MEANINGS

# A consumer has texted STOP: as Twilio, or its consent management, has it.
OPTED_OUT = frozenset({"21610", "30630"})
TOO_MANY_REQUESTS = "20429"
EXPIRED = "30036"
# The sign-in is refused, the account is suspended or closed, it may not use the API, or there is none of its SID.
ACCOUNT = frozenset(
    ("10001", "20003", "20004", "20005", "20006", "20008", "20010", "20403", "20404", "20410", "30037", "90010")
)

_WITHOUT_CODE = {
    "canceled": ErrorMeaning("It was canceled at Twilio before it was sent", Advice.LATER),
    "failed": ErrorMeaning("Twilio could not send it and gives no reason", Advice.LATER),
    "undelivered": ErrorMeaning("It did not reach the phone, and Twilio gives no reason", Advice.LATER),
}


def explain(code: str, text: str = "") -> str:
    """`code` in words with advice; one without a meaning with Twilio's own `text` and the page about it."""
    page = f"https://www.twilio.com/docs/api/errors/{code}" if code.isascii() and code.isdigit() else None
    return error_words("Twilio", MEANINGS, code, text, page)


def receipt_words(status: str, code: str | None, text: str = "") -> str | None:
    """Words for a message's status (Twilio's word) with its code; None where there is nothing to explain.

    `failed` may come without a code, and `canceled` always does (the message resource's `status`).
    """
    if code:
        return explain(code, text)
    return str(_WITHOUT_CODE[status]) if status in _WITHOUT_CODE else None


def send_words(error: ErrorResponse) -> str:
    """Words for an answer to a send."""
    return status_words("Twilio", error.status) if error.code is None else explain(error.code, error.text)


def call_words(error: ErrorResponse) -> str:
    """Words for an answer to any other call: the words of some codes are about a message, and there is none."""
    if error.code is None or error.status == 429 or error.status >= 500:
        return status_words("Twilio", error.status)
    return explain(error.code, error.text)
