"""Whether a whole text is a keyword that opts out or in."""

from __future__ import annotations

import re

from connector.domain.consent import normalise
from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.domain.consent.words import KEYWORDS

# "STOPSTOP": the word that is repeated in it, of at least so many letters that no ordinary word is made like it.
_REPEATED = re.compile(r"(\w{4,}?)\1+")


def keyword_signal(text: str, is_opted_out: bool, country: str = "") -> ConsentSignal | None:
    """Opt-out or opt-in by a text that is just a keyword, as phones and people write it.

    Case, accents, width, invisible characters, punctuation and emoji around it do not count; nor that it is spelled
    ("S T O P") or repeated ("STOP STOP", "STOPSTOP"). `country` is the line's, as in ISO 3166 ("ES"), or empty: some
    words opt out in one country and are ordinary answers in another. A keyword that would change nothing (START from a
    consumer who may be texted) is an ordinary text.
    """
    text = text.strip()
    if len(text) > normalise.LONGEST:
        return None  # bounds the work on hostile texts
    found = normalise.words(normalise.folded(text))
    if not found:
        return None
    keyword = _keyword(found, _OUT, country)
    if keyword:
        return ConsentSignal(ConsentKind.OPTED_OUT, f"keyword {keyword}")
    keyword = _keyword(found, _IN, country) if is_opted_out else ""
    return ConsentSignal(ConsentKind.OPTED_IN, f"keyword {keyword}") if keyword else None


def consent_signal(
    text: str, by_provider: ConsentSignal | None, is_opted_out: bool, country: str = ""
) -> ConsentSignal | None:
    """Opt-out or opt-in by a text: by our keywords, else as the provider has understood it (`by_provider`)."""
    signal = keyword_signal(text, is_opted_out, country)
    if signal is None and by_provider is not None and (by_provider.kind is ConsentKind.OPTED_OUT or is_opted_out):
        return by_provider
    return signal


def _keyword(found: list[str], table: dict[str, tuple[str, frozenset[str]]], country: str) -> str:
    """The keyword that these words are, as its list has it; empty if they are none."""
    spelled = "".join(found) if all(len(word) == 1 for word in found) else ""
    one_word = spelled or (found[0] if len(found) == 1 else "")
    repeated = _REPEATED.fullmatch(one_word)
    for text in (" ".join(found), spelled, repeated[1] if repeated is not None else ""):
        if (known := table.get(text)) is not None and (not known[1] or country in known[1]):
            return known[0]
    if len(found) > 1 and (first := table.get(found[0])) is not None:
        each = [table.get(word) for word in found]
        if all(one is not None and not one[1] for one in each):
            return first[0]
    return ""


def _table(keywords: list[tuple[str, frozenset[str]]]) -> dict[str, tuple[str, frozenset[str]]]:
    """Keywords by their compared form, each with the countries it is limited to (none: it counts everywhere)."""
    table: dict[str, tuple[str, frozenset[str]]] = {}
    for keyword, countries in keywords:
        key = " ".join(normalise.words(normalise.folded(keyword)))
        _, before = table.get(key, (keyword, countries))
        table[key] = (keyword, before | countries if before and countries else frozenset())
    return table


_OUT = _table([(word, frozenset(one.countries)) for one in KEYWORDS for word in one.out])
# YES is an ordinary answer unless the consumer has opted out (Twilio, "Opt-out keywords").
_IN = _table([("YES", frozenset()), *((word, frozenset(one.countries)) for one in KEYWORDS for word in one.into)])
