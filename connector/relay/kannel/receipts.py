"""Kannel's delivery reports as statuses and words (user guide, chapter 10, and table 7-10: %d and %A).

%A is what the SMSC wrote: a receipt of SMPP 3.4, appendix B, "ACK/…", or "NACK/…" with its refusal.
"""

from __future__ import annotations

import re

from msgspec import Struct

ALL_EVENTS = 1 + 2 + 4 + 8 + 16
"""The dlr-mask that asks for every report."""

_EVENTS = {"1": "delivered", "2": "undelivered", "4": "sent", "8": "sent", "16": "failed"}  # by %d
_STATE = re.compile(r"\bstat: ?([A-Za-z]{1,15})")
_ERROR = re.compile(r"\berr: ?([0-9A-Za-z]{1,8})")
_REFUSAL = re.compile(r"NACK/(?:(0x[0-9a-fA-F]{1,8})/)?(.*)", re.DOTALL)

# Status and words by the state of a receipt, cut to seven letters as SMPP writes it.
_STATES = {
    "DELIVRD": ("delivered", ""),
    "ACCEPTD": ("sent", ""),
    "ENROUTE": ("sent", ""),
    "BUFFRED": ("sent", ""),
    "EXPIRED": ("expired", "The carrier gave up: the phone could not be reached in time"),
    "UNDELIV": ("undelivered", "The carrier could not deliver it"),
    "REJECTD": ("undelivered", "The carrier refused to deliver it"),
    "DELETED": ("undelivered", "It was deleted at the carrier before it was delivered"),
    "UNKNOWN": ("undelivered", "The carrier does not know whether it was delivered; it may have arrived"),
    "SKIPPED": ("undelivered", "The carrier skipped it"),
}
# The usual meaning of err, which is each carrier's own: MAP errors (3GPP TS 29.002, 17.6.6), in decimal.
_ERRORS = {
    1: "an unknown number",
    5: "an unknown subscriber",
    6: "a phone that is off or without coverage",
    8: "roaming that is not allowed",
    9: "a subscriber who is not allowed",
    11: "a subscription without SMS",
    12: "a phone that is not allowed",
    13: "a subscriber who is barred",
    21: "a network without SMS",
    27: "a phone that is off or without coverage",
    31: "a phone that is busy",
    32: "a phone that refused it, often as its memory is full",
    33: "a waiting list that is full",
    34: "a fault of the network",
    35: "data that is missing",
    36: "a value that was not expected",
}


class KannelReceipt(Struct, frozen=True):
    """A word of docs/generic-provider.md for the status, with code and words; blank where there are none."""

    status: str
    code: str = ""
    text: str = ""


def receipt(event: str, answer: str) -> KannelReceipt:
    """What %d and %A say together. An event that Kannel does not have stays as it is."""
    status = _EVENTS.get(event, event)
    if event == "16":
        refusal = _REFUSAL.match(answer)
        code, words = (refusal[1] or "", refusal[2].strip()) if refusal else ("", answer.strip())
        return KannelReceipt(status, code, f"The carrier did not take it{f': {words}' if words else ''}")
    found = _STATE.search(answer)
    if event in ("8", "1") or found is None:
        return KannelReceipt(status, text="The carrier could not deliver it" if event == "2" else "")
    state = found[1].upper()
    status, words = _STATES.get(state, (status, ""))
    if status in ("delivered", "sent"):
        return KannelReceipt(status)
    error = _ERROR.search(answer)
    number = error[1] if error else ""
    usual = _ERRORS.get(int(number)) if number.isdecimal() and state in ("UNDELIV", "REJECTD") else None
    words = words or "The carrier could not deliver it"
    if usual:
        words += f" (error {number}, which usually means {usual})"
    return KannelReceipt(status, f"{state} {number}".strip(), words)
