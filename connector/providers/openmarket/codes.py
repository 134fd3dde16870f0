"""OpenMarket's response codes: the status of a reply, and words for an agent.

The same codes come with receipts and with refused requests. Meaning: OpenMarket's pages on response codes and
receipts (https://www.openmarket.com/docs/Content/apis/v4http/); the words are ours.
"""

from __future__ import annotations

from connector.domain.status import Status
from connector.providers.send_outcomes import Advice, ErrorMeaning, error_words

_FAILED, _UNDELIVERED = Status.FAILED, Status.UNDELIVERED


def _meant(
    status: Status | None, words: str, advice: Advice, *codes: int, after: str = ""
) -> dict[str, tuple[Status | None, ErrorMeaning | None]]:
    return dict.fromkeys(map(str, codes), (status, ErrorMeaning(words, advice, after)))


_ACCOUNT = (331, 420, 430, 431, 432, 433, 434, 2001, 2002, 2003, 2101)

# Status None: says nothing new about the message. Codes of the v4 API, and of the table that it shares with v3
# (response-delivery-codes.htm of v3http); those of ringtones, logos and WAP pushes, which are never sent, are left out.
_CODES: dict[str, tuple[Status | None, ErrorMeaning | None]] = {
    # 0 is the last word for senders whose operators give no receipts (US landlines); it promises no delivery.
    "0": (Status.SENT, None),
    "1": (Status.ACCEPTED, None),
    "2": (Status.ACCEPTED, None),
    "3": (Status.SENT, None),
    "4": (Status.DELIVERED, None),
    "5": (Status.ACCEPTED, None),
    **_meant(
        _FAILED,
        "OpenMarket could not take the message as it is, or not to this address",
        Advice.FIX,
        *(301, 302, 303, 304, 305, 306, 307, 310, 311, 321, 322, 323, 337, 339, 340, 341, 349),
        *(350, 352, 365, 366, 367, 373, 374, 379, 380, 381, 382, 383, 384),
    ),
    **_meant(_FAILED, "The message has no text", Advice.FIX, 353, 354),
    **_meant(_FAILED, "The text is longer than the operator takes", Advice.FIX, 355),
    **_meant(
        _FAILED,
        "Our number or name may not be used for this message",
        Advice.ADMIN,
        *(356, 357, 358, 368, 369, 370, 375, 461, 562, 563, 564, 2031, 2032, 2033, 2034, 2102),
    ),
    **_meant(_FAILED, "Binary messages are not possible for this operator or account", Advice.ADMIN, 388, 399),
    **_meant(_FAILED, "Our account may not bill consumers like this", Advice.ADMIN, 376, 377, 378, 460, 570, 2010),
    **_meant(
        _FAILED,
        "OpenMarket refused the sign-in, or our account is closed or may not do this",
        Advice.ADMIN,
        *_ACCOUNT,
    ),
    **_meant(
        _FAILED,
        "Our campaign or program is not known to this operator, or was refused",
        Advice.ADMIN,
        *(571, 572, 2052, 2056, 2122),
    ),
    **_meant(_FAILED, "No operator was found for this number", Advice.NEVER, 345),
    **_meant(_FAILED, "OpenMarket does not send by this operator", Advice.NEVER, 507, 2045),
    **_meant(
        _UNDELIVERED,
        "The number is unknown, or no longer in use",
        Advice.NEVER,
        *(410, 411, 513, 514, 568, 569, 2015, 2023, 2024, 2035, 2054, 3041, 3042, 4052),
    ),
    **_meant(
        _UNDELIVERED,
        "The operator blocks texts to this consumer",
        Advice.NEVER,
        *(560, 565, 566, 2014, 2019, 2021, 2029),
    ),
    **_meant(_UNDELIVERED, "The operator blocked the message for its content; use other words", Advice.FIX, 561),
    **_meant(_UNDELIVERED, "Held back by the spam filter for US 10DLC; use other words", Advice.FIX, 607),
    **_meant(_UNDELIVERED, "The phone is off, out of reach or cannot take texts", Advice.LATER, 508, 511),
    **_meant(
        _UNDELIVERED,
        "OpenMarket or the operator had passing trouble",
        Advice.LATER,
        *(351, 581, 815, 1010, 1020),
    ),
    **_meant(Status.EXPIRED, "The operator gave up: the phone could not be reached in time", Advice.LATER, 811, 2011),
    **_meant(
        _UNDELIVERED,
        "The operator did not deliver the message, and says no more",
        Advice.CHECK,
        *(400, 509, 510, 512, 810, 1000, 1030, 2016, 2017),
    ),
    **_meant(_FAILED, "OpenMarket has had a message with this ticket before", Advice.CHECK, 1001),
    **_meant(None, "OpenMarket does not know this ticket", Advice.WAIT, 2047),
    **_meant(None, "The message is too old to ask about", Advice.WAIT, 711),
    **_meant(None, "OpenMarket is still working on the message", Advice.WAIT, 2013),
    **_meant(_UNDELIVERED, "Some part of the message was not delivered", Advice.CHECK, 830),
    **_meant(None, "Some part of the message is still on its way", Advice.WAIT, 831),
}


ACCOUNT = frozenset(map(str, _ACCOUNT))  # the account can send nothing
MEANINGS = {code: meaning for code, (_, meaning) in _CODES.items() if meaning is not None}


def status_of(code: str | None) -> Status | None:
    """Our status for a receipt's code.

    An unknown number is a failure: only final receipts are asked for, and the codes of success are few. Anything else
    is None.
    """
    if code in _CODES:
        return _CODES[code][0]
    return Status.UNDELIVERED if code and code.isascii() and code.isdigit() else None


def explain(code: str, text: str = "") -> str | None:
    """`code` in words with advice; None for a success. An unknown one is shown with OpenMarket's own `text`."""
    return None if code in _CODES and code not in MEANINGS else error_words("OpenMarket", MEANINGS, code, text)
