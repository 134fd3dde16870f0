"""STOP, UNSUBSCRIBE and OPT OUT as thumbs write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# The keys beside each letter on QWERTY and the number row; Braze's "Fuzzy opt-out" counts the same way.
_NEIGHBOURS = {"s": "awdzxe5", "t": "ryfgh56", "o": "iplk90", "p": "ol0"}
# Words of some language among the variants, which stay what they are.
_WORDS = frozenset(
    ["atop", "stoop", "slop", "shop", "stol", "stoi", "spot", "step", "top", "sto", "tops", "opts", "stow", "stok"]
)
_STRETCHED = re.compile(r"s+t+o+p+")
_GLUED = frozenset(
    {
        "message",
        "messages",
        "messaging",
        "msg",
        "now",
        "please",
        "pls",
        "plz",
        "sending",
        "spam",
        "spamming",
        "texting",
        "thanks",
    }
)


def _slips(word: str) -> frozenset[str]:
    """A word with two letters swapped, one doubled or one replaced by, or followed by, a key beside it."""
    swapped = {word[:at] + second + first + word[at + 2 :] for at, (first, second) in enumerate(pairwise(word))}
    slipped = {
        word[:at] + key + word[end:]
        for at, letter in enumerate(word)
        for key in _NEIGHBOURS[letter]
        for end in (at, at + 1)
    } | {word + key for key in "lo0"}
    missed = {word[:2] + word[3:], word[:1] + word[2:]}  # STP, SOP
    return frozenset(swapped | slipped | missed) - _WORDS


_UNSUBSCRIBE = "unsubscribe"
_OPTOUT = frozenset(
    {"opoit", "opotut", "opout", "opoutt", "optiut", "optoit", "optotu", "optour", "optoutt", "optouy", "optput"}
    | {"optputt", "optuot", "optut", "otpout", "ptout"}
)
_MEANT = {**dict.fromkeys(_slips("stop") | {"stahp"}, "stop"), **dict.fromkeys(_OPTOUT, "optout")}
_FIRST_OF_OTHERS = "su"  # what every other misspelling begins with


def mended(clauses: Sequence[str]) -> list[str]:
    """`clauses` with misspelled stops as `stop`, `unsubscribe` and `optout`."""
    words: list[str] = []
    for word in clauses:
        if word in _MEANT:
            words.append(_MEANT[word])
        elif word[0] in _FIRST_OF_OTHERS:
            words += _mended(word)
        else:
            words.append(word)
    if 1 < len(words) - words.count(".") <= 4 and "".join(words).replace(".", "") == "stop":
        return [".", "stop", "."]
    return words


def _mended(word: str) -> list[str]:
    if word.startswith("stop") and word[4:] in _GLUED:
        return ["stop", word[4:]]
    if word != "stoop" and _STRETCHED.fullmatch(word):
        return ["stop"]
    if word[0] == "u" and 8 <= len(word) <= 14 and word != _UNSUBSCRIBE and _is_near(word):
        return [_UNSUBSCRIBE]
    return [word]


def _is_near(word: str) -> bool:
    """Whether a word is at most two letters from UNSUBSCRIBE, and no other form of it."""
    if word in ("unsubscribed", "unsubscribing", "unsubscribes", "unsubscriber"):
        return False
    if word in ("unscribe", "unsuscrib", "unsub"):
        return True
    before = list(range(len(_UNSUBSCRIBE) + 1))
    for row, letter in enumerate(word, 1):
        line = [row]
        for column, other in enumerate(_UNSUBSCRIBE, 1):
            line.append(min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != other)))
        before = line
    return before[-1] <= 2
