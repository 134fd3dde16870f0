"""OpenMarket's response codes: the status of a reply, and words for an agent.

The same codes come with receipts and with refused requests. Meaning: OpenMarket's pages on response codes and
receipts (https://www.openmarket.com/docs/Content/apis/v4http/); the words are ours.
"""

from __future__ import annotations

from connector.domain.status import Status
from connector.providers.send_outcomes import Advice, ErrorMeaning, error_words

_BAD_REQUEST = ErrorMeaning("OpenMarket could not take the message as it is, or not to this address", Advice.FIX)
_PASSING = ErrorMeaning("OpenMarket or the operator had passing trouble", Advice.LATER)

# Status None: says nothing new about the message.
_CODES: dict[str, tuple[Status | None, ErrorMeaning | None]] = {
    # 0 is the last word for senders whose operators give no receipts (US landlines); it promises no delivery.
    "0": (Status.SENT, None),
    "1": (Status.ACCEPTED, None),
    "2": (Status.ACCEPTED, None),
    "3": (Status.SENT, None),
    "4": (Status.DELIVERED, None),
    **{
        str(code): (Status.FAILED, _BAD_REQUEST)
        for code in (301, 302, 303, 304, 305, 306, 307, 321, 322, 323, 339, 341, 349)
    },
    "345": (Status.FAILED, ErrorMeaning("No operator was found for this number", Advice.NEVER)),
    **{str(code): (Status.UNDELIVERED, _PASSING) for code in (351, 581, 811, 815, 1010, 1020)},
    "607": (Status.UNDELIVERED, ErrorMeaning("Held back by the spam filter for US 10DLC; use other words", Advice.FIX)),
    "711": (None, ErrorMeaning("The message is too old to ask about", Advice.WAIT)),
    "830": (Status.UNDELIVERED, ErrorMeaning("Some part of the message was not delivered", Advice.CHECK)),
    "831": (None, ErrorMeaning("Some part of the message is still on its way", Advice.WAIT)),
}


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
