"""Consent of consumers: the ledger's entries, and the keywords that opt out and in.

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
# YES is an ordinary answer unless the consumer has opted out.
_IN_AFTER_OUT = _IN | {"yes"}
_LONGEST = 64  # characters of a keyword with punctuation around it
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


class ConsentKind(StrEnum):
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class ConsentEntry(Struct, frozen=True):
    """One entry of the append-only consent ledger."""

    id: str
    at: int
    account: str
    line: str
    consumer: str
    kind: ConsentKind
    rule: str  # e.g. "keyword STOP", "provider error 21610"
    evidence: str  # the consumer's text
    message_id: str | None = None
    person: str = ""  # identity of the consumer, whatever the spelling of the number
    author: str | None = None  # the agent who recorded it; None: the consumer's text, or the provider


class ConsentSignal(Struct, frozen=True):
    """An opt-out or opt-in, and the rule it counts by."""

    kind: ConsentKind
    rule: str


def keyword_signal(text: str, is_opted_out: bool) -> ConsentSignal | None:
    """Opt-out or opt-in by a text that is just a keyword, in any case and with blanks and punctuation around it.

    A keyword that would change nothing (START from a consumer who may be texted) is an ordinary text.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None  # bounds the work on hostile texts
    word = " ".join(_EDGES.sub("", text).casefold().split())
    if word in _OUT:
        return ConsentSignal(ConsentKind.OPTED_OUT, f"keyword {word.upper()}")
    if is_opted_out and word in _IN_AFTER_OUT:
        return ConsentSignal(ConsentKind.OPTED_IN, f"keyword {word.upper()}")
    return None


def consent_signal(text: str, by_provider: ConsentSignal | None, is_opted_out: bool) -> ConsentSignal | None:
    """Opt-out or opt-in by a text: by our keywords, else as the provider has understood it (`by_provider`)."""
    signal = keyword_signal(text, is_opted_out)
    if signal is None and by_provider is not None and (by_provider.kind is ConsentKind.OPTED_OUT or is_opted_out):
        return by_provider
    return signal
