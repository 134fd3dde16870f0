"""Keywords that opt out and in.

Sources: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe); Twilio's "Advanced Opt-Out"
and warning 23002 (STOPALL, OPTOUT; START, YES, UNSTOP); AWS "Required opt-out keywords" (REMOVE, ARRET, TD).
"""

from __future__ import annotations

import re

from connector.domain.consent.entries import ConsentKind, ConsentSignal

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


def keyword_signal(text: str, is_opted_out: bool, country: str = "") -> ConsentSignal | None:
    """Opt-out or opt-in by a text that is just a keyword, in any case and with blanks and punctuation around it.

    `country` is the line's, as in ISO 3166 ("ES"), or empty: some words opt out in one country and are ordinary
    answers in another.
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


def consent_signal(
    text: str, by_provider: ConsentSignal | None, is_opted_out: bool, country: str = ""
) -> ConsentSignal | None:
    """Opt-out or opt-in by a text: by our keywords, else as the provider has understood it (`by_provider`)."""
    signal = keyword_signal(text, is_opted_out, country)
    if signal is None and by_provider is not None and (by_provider.kind is ConsentKind.OPTED_OUT or is_opted_out):
        return by_provider
    return signal
