"""Twilio's error codes in words for an agent, and what to do about them.

The same codes come in the answer to a call, in status callbacks (`ErrorCode`) and in the message resource.
"""

from __future__ import annotations

from connector.providers.send_outcomes import ErrorResponse, error_words, status_words
from connector.providers.twilio.meanings import MEANINGS

# A consumer has texted STOP: as Twilio, or its consent management, has it.
OPTED_OUT = frozenset({"21610", "30630"})
TOO_MANY_REQUESTS = "20429"
EXPIRED = "30036"
# The sign-in is refused, the account is suspended or closed, it may not use the API, or there is none of its SID.
ACCOUNT = frozenset(
    ("10001", "20003", "20004", "20005", "20006", "20008", "20010", "20403", "20404", "20410", "30037", "90010")
)


def explain(code: str, text: str = "") -> str:
    """`code` in words with advice; one without a meaning with Twilio's own `text` and the page about it."""
    page = f"https://www.twilio.com/docs/api/errors/{code}" if code.isascii() and code.isdigit() else None
    return error_words("Twilio", MEANINGS, code, text, page)


def send_words(error: ErrorResponse) -> str:
    """Words for an answer to a send."""
    return status_words("Twilio", error.status) if error.code is None else explain(error.code, error.text)


def call_words(error: ErrorResponse) -> str:
    """Words for an answer to any other call: the words of some codes are about a message, and there is none."""
    if error.code is None or error.status == 429 or error.status >= 500:
        return status_words("Twilio", error.status)
    return explain(error.code, error.text)
