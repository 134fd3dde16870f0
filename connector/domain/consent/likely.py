"""Likely opt-outs: a wish to be left alone in other words than a keyword."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from connector.domain.consent import misspellings, normalise
from connector.domain.consent.keywords import keyword_signal
from connector.domain.consent.phrases import Phrasebook
from connector.domain.consent.wishes import asian, eastern, germanic, romance, unspaced
from connector.domain.consent.wishes.english import ENGLISH

_LONGEST_WORDS = 64  # characters of the words that are returned
_LONGEST_END = 400  # characters of the end of a long text, where wishes often stand
_SIGNS = "\U0001f6d1\u26d4\U0001f6ab"  # stop sign, no entry, prohibited
# Reactions of phones quote our own text, which says how to opt out: Liked "Reply STOP to opt out".
_REACTION = re.compile(
    r"\s*(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,12} to|removed an? \w+ from|.{1,4} to)"
    r"\s+[\"\u201c\u00ab]",
    re.IGNORECASE,
)
# Beside these, words such as CANCEL answer a question: "yes, cancel".
_AGREEING = frozenset(["yes", "yeah", "yea", "ya", "yep", "ok", "okay", "k", "sure", "si", "sim", "oui", "ja", "da"])
# Our own instruction, quoted: "it says reply STOP to opt out".
_INSTRUCTION = re.compile(
    r"\b(?:reply|text|txt|send|type|answer|press)(?: with)?(?: the word)? +(?:stop|end|quit|unsubscribe) +(?:to|2)"
    r" +(?:opt *out|end|stop|quit|unsubscribe|cancel|leave)\b"
)

# What follows is a threat, and says nothing else about the wish: "delete my number or I'll report you".
_OR_ELSE = re.compile(r"\bor (?:else|i'?ll|i will|we'?ll|we will)\b")


def likely_opt_out(text: str) -> str:
    """The words of `text` that read like an opt-out, at most 64 characters; empty if there are none.

    It is a hint for an agent, who decides: it never counts as an opt-out by itself. A text that is a keyword need not
    be asked about. Texts are read up to `normalise.LONGEST` characters, of longer ones the beginning and the end; the
    work is bounded whatever they hold.
    """
    if len(text) > normalise.LONGEST:
        text = f"{text[: normalise.LONGEST - _LONGEST_END]}\n{text[-_LONGEST_END:]}"
    if _REACTION.match(text):
        return ""
    folded = _OR_ELSE.sub(" . ", _INSTRUCTION.sub(".", normalise.folded(text)))
    clauses = misspellings.mended(normalise.clauses(folded))
    found = _book().find(clauses) or _polite_keyword(clauses)
    if not found and not text.isascii():
        found = _sign(text) or _unspaced(folded)
    return found[:_LONGEST_WORDS]


def _polite_keyword(clauses: Sequence[str]) -> str:
    """The keyword of a text that has nothing else but courtesy: "sair por favor", "нет, стоп"."""
    ornament = _book().ornament
    rest = list(dict.fromkeys(word for word in clauses if word != "." and word not in ornament))
    if not 1 <= len(rest) <= 3 or not _AGREEING.isdisjoint(clauses):
        return ""
    return " ".join(rest) if keyword_signal(" ".join(rest), is_opted_out=False) is not None else ""


def _sign(text: str) -> str:
    """The stop signs that are all of a text."""
    signs = text.strip().replace("\ufe0f", "")
    return signs if signs and not signs.strip(_SIGNS) else ""


def _unspaced(folded: str) -> str:
    """The wish in a text of a language that is written without blanks."""
    within, whole = _unspaced_wishes()
    clauses = ["".join(normalise.words(clause)) for clause in folded.split(".")]
    joined = "".join(clauses)
    for wish, shown in within.items():
        if wish in joined:
            return shown
    return next((whole[clause] for clause in clauses if clause in whole), "")


@cache
def _book() -> Phrasebook:
    return Phrasebook((ENGLISH, *romance.LANGUAGES, *germanic.LANGUAGES, *eastern.LANGUAGES, *asian.LANGUAGES))


@cache
def _unspaced_wishes() -> tuple[dict[str, str], dict[str, str]]:
    """Compared form → the words, of wishes anywhere in a text and of those that are a whole text."""

    def by_form(wishes: Iterable[str]) -> dict[str, str]:
        return {"".join(normalise.words(normalise.folded(wish))): wish for wish in wishes}

    return by_form(unspaced.WITHIN), by_form(unspaced.WHOLE)
