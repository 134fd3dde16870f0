"""Words by which a consumer forbids or allows texts. Facts for code, not legal advice.

Sources: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe); Twilio's "Advanced Opt-Out"
and warning 23002 (STOPALL, OPTOUT; START, YES, UNSTOP); AWS "Required opt-out keywords" (REMOVE, ARRET, TD).
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

_OUT = frozenset(
    {
        "arret",
        "arrete",
        "arrett",
        "cancel",
        "end",
        "opt out",
        "opt-out",
        "optout",
        "quit",
        "remove",
        "revoke",
        "stop",
        "stop all",
        "stopall",
        "td",
        "unsubscribe",
    }
)
_IN = frozenset({"start", "unstop"})
# An ordinary answer to an ordinary question, unless the consumer had opted out before.
_IN_AFTER_OUT = _IN | {"yes"}
_LONGEST = 64  # no keyword is longer, with punctuation around it
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class ConsentKind(StrEnum):
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class ConsentEntry(Struct, frozen=True):
    """One line of the append-only consent ledger: who said what, where, and by which rule it counts."""

    id: str
    at: int
    account: str
    line: str
    consumer: str
    kind: ConsentKind
    rule: str  # e.g. "keyword STOP", "provider error 21610"
    evidence: str  # the consumer's own words
    message_id: str | None = None


class ConsentSignal(Struct, frozen=True):
    kind: ConsentKind
    rule: str


def keyword_signal(text: str, is_opted_out: bool) -> ConsentSignal | None:
    """What a text that is nothing but a keyword says about consent; any case, blanks and punctuation around it.

    A keyword that would change nothing (START from somebody who may be texted) is an ordinary text.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None  # and nothing below is tried on a text that somebody made long on purpose
    word = " ".join(_EDGES.sub("", text).casefold().split())
    if word in _OUT:
        return ConsentSignal(ConsentKind.OPTED_OUT, f"keyword {word.upper()}")
    if is_opted_out and word in _IN_AFTER_OUT:
        return ConsentSignal(ConsentKind.OPTED_IN, f"keyword {word.upper()}")
    return None


def consent_signal(text: str, company: ConsentSignal | None, is_opted_out: bool) -> ConsentSignal | None:
    """What a text says about consent: by our own keywords, else as its company has understood it (`company`)."""
    word = keyword_signal(text, is_opted_out)
    if word is None and company is not None and (company.kind is ConsentKind.OPTED_OUT or is_opted_out):
        return company
    return word
