"""Twilio's error codes in words for an agent, and what to do about them.

The same codes come in the answer to a call, in status callbacks (`ErrorCode`) and in the message resource. The meaning
is Twilio's (https://www.twilio.com/docs/api/errors), the words are ours: Twilio's texts may change at any time.
"""

from __future__ import annotations

from connector.providers.send_outcomes import Advice, ErrorMeaning, ErrorResponse, error_words, status_words

_ADMIN, _ASK, _CHECK = Advice.ADMIN, Advice.ASK, Advice.CHECK
_FIX, _LATER, _NEVER = Advice.FIX, Advice.LATER, Advice.NEVER

OPTED_OUT = "21610"
TOO_MANY_REQUESTS = "20429"
EXPIRED = "30036"

_WEBHOOK_SLOW = ErrorMeaning("Twilio did not get an answer from our webhook in time", _ADMIN)
_WEBHOOK_TLS = ErrorMeaning("Twilio could not connect to our webhook: host name, TLS or certificate trouble", _ADMIN)
_WEBHOOK_ANSWER = ErrorMeaning("Our webhook's answer was not TwiML, or had the wrong content type", _ADMIN)
_UNKNOWN_FATE = ErrorMeaning("Twilio has trouble of its own", _CHECK)
_NOT_TAKEN = ErrorMeaning("Twilio could not take the message as it is", _FIX)
_NO_PICTURES = ErrorMeaning("Our number or account cannot send pictures", _ADMIN)
_SERVICE = ErrorMeaning("The Messaging Service is missing, wrong or has no number that can send", _ADMIN)
_DAILY_LIMIT = ErrorMeaning(
    "Our registration's daily limit for US carriers is used up", _LATER, "after 00:00 US Pacific time"
)
_REGISTER = ErrorMeaning("The destination's carriers want our sender registered first", _ADMIN)

MEANINGS = {
    "20003": ErrorMeaning("Twilio refused the sign-in: wrong SID, token or key, or the account is suspended", _ADMIN),
    "20404": ErrorMeaning("Twilio does not know this account or message", _ADMIN),
    "20429": ErrorMeaning("Twilio had too many requests at once; nothing was sent", _LATER, "in some seconds"),
    "20500": _UNKNOWN_FATE,
    "20503": _UNKNOWN_FATE,
    "11200": _WEBHOOK_SLOW,
    "11205": _WEBHOOK_SLOW,
    "11210": _WEBHOOK_TLS,
    "11220": _WEBHOOK_TLS,
    "11235": _WEBHOOK_TLS,
    "11237": _WEBHOOK_TLS,
    "12100": _WEBHOOK_ANSWER,
    "12200": _WEBHOOK_ANSWER,
    "12300": _WEBHOOK_ANSWER,
    "21211": ErrorMeaning("The recipient is not a phone number, or is one of our own", _FIX),
    "21408": ErrorMeaning("Our account may not text that country", _ADMIN),
    "21602": ErrorMeaning("The message has no text", _FIX),
    "21603": ErrorMeaning("The message has no sender", _FIX),
    "21604": ErrorMeaning("The message has no recipient", _FIX),
    "21606": ErrorMeaning("Our number cannot text this destination", _ADMIN),
    "21608": ErrorMeaning("Our account is on trial and this number is not verified yet", _ADMIN),
    "21609": ErrorMeaning("Twilio does not accept our status callback address", _ADMIN),
    "21610": ErrorMeaning("The consumer has opted out (texted STOP) and must text START first", _NEVER),
    "21611": ErrorMeaning("Our number's queue at Twilio is full (10 hours of messages)", _LATER, "in some hours"),
    "21612": ErrorMeaning("This number cannot be reached from ours", _NEVER),
    "21614": ErrorMeaning("This is not a mobile number, perhaps a landline", _NEVER),
    "21617": ErrorMeaning("The text is longer than 1,600 characters", _FIX),
    "21618": _NOT_TAKEN,
    "21619": _NOT_TAKEN,
    "21620": ErrorMeaning("The link to the picture or file is not valid", _FIX),
    "21621": _NO_PICTURES,
    "21622": _NO_PICTURES,
    "21623": ErrorMeaning("The message has too many pictures or files", _FIX),
    "21701": _SERVICE,
    "21702": _SERVICE,
    "21703": _SERVICE,
    "21704": _SERVICE,
    "21705": _SERVICE,
    "30001": ErrorMeaning("Our queue at Twilio is full", _LATER),
    "30002": ErrorMeaning("Our account was suspended while the message waited", _ADMIN),
    "30003": ErrorMeaning("The phone is off, out of reach or cannot take texts", _LATER, "in an hour"),
    "30004": ErrorMeaning("Blocked: the consumer refuses texts, or is on a do-not-disturb list", _NEVER),
    "30005": ErrorMeaning("The number is unknown or no longer in use", _NEVER),
    "30006": ErrorMeaning("The number is a landline, or its carrier cannot be reached", _NEVER),
    "30007": ErrorMeaning("Filtered as unwanted by Twilio or the carrier; use other words and no links", _FIX),
    "30008": ErrorMeaning("The carrier had unknown trouble", _LATER, "once"),
    "30009": ErrorMeaning("Part of the consumer's long message never arrived", _ASK),
    "30010": ErrorMeaning("The price is above the maximum given with the message", _ADMIN),
    "30011": ErrorMeaning("The consumer's phone or region takes no pictures", _FIX),
    "30017": ErrorMeaning("The carrier is congested", _LATER),
    "30018": _REGISTER,
    "30019": ErrorMeaning("The content is too large for the carrier", _FIX),
    "30022": ErrorMeaning("Too many texts at once for US carriers, or to this one phone", _LATER, "in some minutes"),
    "30023": _DAILY_LIMIT,
    "30024": _REGISTER,
    "30027": _DAILY_LIMIT,
    "30032": ErrorMeaning("Our toll-free number is not verified", _ADMIN),
    "30033": ErrorMeaning("Our US 10DLC campaign is suspended", _ADMIN),
    "30034": ErrorMeaning("Our number is not registered for US 10DLC", _ADMIN),
    "30035": ErrorMeaning("Our number's US 10DLC registration is not finished", _ADMIN),
    "30036": ErrorMeaning("The message waited longer than its validity period", _LATER),
    "30038": ErrorMeaning("Twilio removed a one-time code from the consumer's message", _NEVER),
    "30410": ErrorMeaning("A provider behind Twilio timed out, and Twilio does not retry to avoid doubles", _LATER),
    "30450": ErrorMeaning("Blocked for a while, suspected of SMS pumping", _LATER, "in 30 minutes"),
    "30610": ErrorMeaning("Held back by quiet hours", _LATER, "after the quiet hours"),
    "30640": ErrorMeaning("Blocked: the number belongs to a known litigator", _NEVER),
}


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
