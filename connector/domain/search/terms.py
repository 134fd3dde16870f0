"""The terms by which an index finds a text: whatever a search may ask for has its terms among those of the text.

Terms find a little too much, as they are beginnings of words and pairs of letters; `matching` then decides. Every
engine stores the same terms and needs no rules of any language.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

from connector.domain.search.folding import RUNS, SIGNS, fold_text

VERSION = f"2/{unicodedata.unidata_version}"
"""Another one whenever a text gets other terms: then it is indexed anew."""

SHORTEST_PREFIX = 3
"""From so many letters on a word is found by its beginning; shorter ones as they are."""
LAST_DIGITS = 4
"""By so many at its end a number is found."""
SHORTEST_NUMBER = 7
"""Digits in groups from which on they may be a phone number."""
LONGEST_NUMBER = 20
"""Digits, with what is dialled before it."""

_BEGINNINGS = (3, 4, 6)
WORD = re.compile(f"[0-9]+|[{RUNS}]+|[{SIGNS}]|[^ 0-9{RUNS}{SIGNS}]+")
_RUN = re.compile(f"[{RUNS}]+")
_HAS_NO_ENDS = re.compile(f"[{RUNS}{SIGNS}]")
GROUPS = re.compile(r"[0-9]+(?: {1,3}[0-9]+)*")

# Kinds of terms that are no words, by their first character.
_OF_NUMBER = "#"  # last digits of the consumer's number, at the first message of a conversation
_OF_CONSUMER = "+"  # the same, at each message
_IN_TEXT = "*"  # last digits of a number in the text
_AUTHOR = "@"
_LINE = "="
_DIRECTION = "<"
_PAIR = "&"  # two words one after the other, as a number

_PAIRS = 0x7FFF  # of two checksums
_NONE = -1


def terms_of(text: str) -> set[str]:
    """The terms of what a message says."""
    folded = fold_text(text)
    found: set[str] = set()
    words = WORD.findall(folded)
    for word in words:
        _add_word(word, found)
    found.update(pairs(words))
    for number in numbers_in(folded):
        found.add(_IN_TEXT + number[-LAST_DIGITS:])
    return found


def _add_word(word: str, found: set[str]) -> None:
    if word[0] >= "\u0e01" and _RUN.match(word):
        found.update(word)
        found.update(map("".join, pairwise(word)))
        return
    length = len(word)
    if length < SHORTEST_PREFIX:
        found.add(word)
        return
    found.add(word[:3])
    if length > 3:
        found.add(word[:4])
        if length > 5:
            found.add(word[:6])


def pairs(words: Sequence[str]) -> list[str]:
    """The terms of every two words that follow each other, where both have a beginning and an end to go by: two words
    that many texts have are next to each other in few."""
    sums = [zlib.crc32(word.encode()) if word.isascii() or not _HAS_NO_ENDS.match(word) else _NONE for word in words]
    return [_pair_terms[(one * 31 ^ other) & _PAIRS] for one, other in pairwise(sums) if one >= 0 and other >= 0]


class _PairTerms(dict[int, str]):
    """The term of each number of a pair; made as they are met."""

    def __missing__(self, number: int) -> str:
        term = self[number] = f"{_PAIR}{number:x}"
        return term


_pair_terms = _PairTerms()


def numbers_in(folded: str) -> Iterable[str]:
    """The digits of whatever may be a phone number: groups of digits that together are enough, up to each group's end,
    as another number may follow."""
    for found in GROUPS.finditer(folded):
        if found.end() - found.start() < SHORTEST_NUMBER:
            continue
        digits = ""
        for group in found.group().split():
            digits = (digits + group)[-LONGEST_NUMBER:]
            if len(digits) >= SHORTEST_NUMBER:
                yield digits


def word_lookup(word: str) -> list[str]:
    """Terms that every text has in which a word begins with this one, or (scripts without spaces) that contains it."""
    if word[0] >= "\u0e01" and _RUN.match(word):
        return [word] if len(word) == 1 else sorted(set(map("".join, pairwise(word))))
    if len(word) < SHORTEST_PREFIX:
        return [word]
    return [word[: max(length for length in _BEGINNINGS if length <= len(word))]]


def number_in_text(digits: str) -> str:
    return _IN_TEXT + digits[-LAST_DIGITS:]


def number_of_conversation(digits: str) -> str:
    return _OF_NUMBER + digits[-LAST_DIGITS:]


def number_of_consumer(digits: str) -> str:
    return _OF_CONSUMER + digits[-LAST_DIGITS:]


def author(agent: str) -> str:
    return _AUTHOR + _plain(agent)


def direction(name: str) -> str:
    """Inbound, or a note."""
    return _DIRECTION + _plain(name)


def line(address: str) -> str:
    return _LINE + _plain(address)


def _plain(name: str) -> str:
    """A name as one word of ASCII; different ones for different names, but for their case."""
    return "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in name.casefold())
