"""How a word that was typed occurs in a short text: at the beginning of a word, with letters left out, or with one
letter wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

WORDS = re.compile(r"\w+")
SIMILAR_FROM, INSIDE_FROM = 5, 3  # letters
_WIDEST = 3  # times the letters typed: how far they may stand apart


class SearchedText(NamedTuple):
    """A text to look in. `starts`: where each of its words begins."""

    lower: str
    starts: tuple[int, ...]
    words: tuple[str, ...]


class Match(NamedTuple):
    """How well a word was found, and which letters of the text it is."""

    score: float
    letters: frozenset[int]


@lru_cache(maxsize=16384)
def words_of(text: str) -> SearchedText:
    matches = list(WORDS.finditer(lower := text.lower()))
    return SearchedText(lower, tuple(match.start() for match in matches), tuple(match.group() for match in matches))


def begins(word: str, text: SearchedText, score: float) -> Match | None:
    """A word of the text begins so: best if it is the whole text, then its beginning, then another word."""
    match = _beginning(word).search(text.lower)
    if match is None:
        return None
    less = 0 if word == text.lower else 5 if match.start() == 0 else 15
    return Match(score - less, frozenset(range(*match.span())))


@lru_cache(maxsize=64)
def _beginning(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}")


def spread(word: str, text: SearchedText, score: float) -> Match | None:
    """The letters stand in the text in this order, the first at the start of a word; of two letters both do."""
    best: Match | None = None
    for start in text.starts:
        if text.lower[start] != word[0]:
            continue
        at, letters = start, [start]
        for letter in word[1:]:
            at = text.lower.find(letter, at + 1)
            if at < 0:
                break
            letters.append(at)
        starts = sum(one in text.starts for one in letters)
        width = letters[-1] - start + 1
        if at < 0 or width > _WIDEST * len(word) or (len(word) == 2 and starts < 2):
            continue
        found = Match(score + 8 * starts / len(word) - width / len(word), frozenset(letters))
        best = found if best is None or found.score > best.score else best
    return best


def inside(word: str, text: SearchedText, score: float) -> Match | None:
    """Within a word, where enough of it was typed."""
    at = text.lower.find(word) if len(word) >= INSIDE_FROM else -1
    return Match(score, frozenset(range(at, at + len(word)))) if at >= 0 else None


def mistyped(word: str, text: SearchedText, score: float) -> Match | None:
    """A word of the text begins so but for one letter, where enough of it was typed."""
    if len(word) < SIMILAR_FROM:
        return None
    for start, known in zip(text.starts, text.words, strict=True):
        if len(known) >= SIMILAR_FROM and _differs_by_one(word, known):
            return Match(score, frozenset(range(start, start + min(len(word), len(known)))))
    return None


def _differs_by_one(typed: str, word: str) -> bool:
    """Whether the word begins as typed, if one letter is replaced, added, left out or swapped with the next."""
    if len(word) < len(typed) - 1:
        return False
    at = next((index for index, (one, other) in enumerate(zip(typed, word, strict=False)) if one != other), len(word))
    rest = typed[at:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return word[at + 1 :].startswith((rest, rest[1:])) or word[at:].startswith((rest[1:], swapped))
