"""Whether a text has what is searched for, and where. The index only says where it may be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from connector.domain.search.folding import RUNS, SIGNS, Folded, fold
from connector.domain.search.query import SoughtPiece
from connector.domain.search.terms import GROUPS, LAST_DIGITS, LONGEST_NUMBER, SHORTEST_NUMBER, SHORTEST_PREFIX

MOST_RANGES = 50
_SNIPPET = 160  # code points
_BEFORE = 48  # of them before the first match
_LETTER = f"[^ 0-9{RUNS}{SIGNS}]"
_IS_LETTERS = re.compile(_LETTER)
_IS_DIGIT = re.compile("[0-9]")
_LONGEST_WORD = 16  # that is left out at the beginning for being cut
_TRUNK_PREFIXES = ("00", "011", "0")

Range = tuple[int, int]


class Snippet(Struct, frozen=True):
    """A part of a text around a match. `offset`: where it begins in the text; `marks`: ranges within it."""

    text: str
    offset: int
    marks: tuple[Range, ...]


class Matcher:
    """For the pieces of one query."""

    def __init__(self, pieces: Iterable[SoughtPiece]) -> None:
        sought = list(pieces)
        self._wanted = [_Wanted(piece) for piece in sought]
        self._words = list(dict.fromkeys(word for piece in sought if not piece.number for word in piece.words))

    def may_match(self, text: str, rest: str = "") -> bool:
        """False where neither this text with its rest has what is searched for, nor what is shown of it where some is
        masked. Takes a third of the time that masking and matching do."""
        if rest or not text.isascii():
            return True  # what is masked may have joined with what stands beside it
        lowered = text.lower()  # as folding does with what is a letter
        return all(map(lowered.__contains__, self._words))

    def ranges(self, text: str, consumer: str = "") -> list[Range] | None:
        """Where in the text all pieces are, in code points; None unless each of them is somewhere.

        `consumer`: their number, where it counts as well.
        """
        if not self._wanted:
            return []
        folded = fold(text)
        found: list[Range] = []
        for wanted in self._wanted:
            places = wanted.places(folded)
            if places is None and not (wanted.number and consumer and is_same_number(wanted.number, digits(consumer))):
                return None
            found += places or ()
        return _joined(folded.range_of(first, end) for first, end in sorted(found))


class _Wanted:
    def __init__(self, piece: SoughtPiece) -> None:
        self.number = piece.number
        if piece.number:
            self._words = [_WordsInOrder((word,), is_exact=False) for word in piece.words]
        else:
            self._words = [_WordsInOrder(piece.words, is_exact=piece.is_exact)]

    def places(self, folded: Folded) -> list[Range] | None:
        found = _numbers(self.number, folded.text) if self.number else []
        return found or self._as_words(folded.text) or None

    def _as_words(self, text: str) -> list[Range]:
        found: list[Range] = []
        for words in self._words:
            if not (places := words.places(text)):
                return []
            found += places
        return found


class _WordsInOrder:
    """Words one after another in a folded text. Where only the last one is not whole, the first are.

    Where a word begins and ends is looked at by itself: in one pattern, all that are letters would take milliseconds to
    compile.
    """

    def __init__(self, words: Sequence[str], *, is_exact: bool) -> None:
        first, last = words[0], words[-1]
        between = (" +" if _is_one_word(one, other) else " *" for one, other in pairwise(words))
        pattern = "".join(part for pair in zip(map(re.escape, words), (*between, ""), strict=True) for part in pair)
        self._search = re.compile(pattern).search
        self._before = _of_same_kind(first)
        self._after = None if not is_exact and len(last) >= SHORTEST_PREFIX else _of_same_kind(last)

    def places(self, text: str) -> list[Range]:
        found = []
        at = 0
        while (place := self._search(text, at)) is not None:
            first, end = place.span()
            is_begun = not first or self._before is None or not self._before(text, first - 1)
            is_whole = is_begun and (self._after is None or not self._after(text, end))
            if is_whole:
                found.append((first, end))
            at = end if is_whole else first + 1
        return found


def _of_same_kind(word: str) -> Callable[[str, int], object] | None:
    """Tells whether a character would be of this word if it stood beside it; None where none would."""
    if "0" <= word[0] <= "9":
        return _IS_DIGIT.match
    return _IS_LETTERS.match if _IS_LETTERS.match(word) else None


def _is_one_word(one: str, other: str) -> bool:
    """Whether two words would be one without a blank between them."""
    kind = _of_same_kind(other)
    return kind is not None and kind(one, len(one) - 1) is not None


def _numbers(wanted: str, text: str) -> list[Range]:
    """Where numbers stand in a folded text that are this one in another spelling."""
    found = []
    for run in GROUPS.finditer(text):
        positions = [at for at in range(*run.span()) if text[at] != " "]
        for count, at in enumerate(positions, 1):
            is_end = count == len(positions) or positions[count] != at + 1
            if is_end and count >= SHORTEST_NUMBER:
                digits_before = "".join(text[one] for one in positions[max(0, count - LONGEST_NUMBER) : count])
                if is_same_number(wanted, digits_before):
                    found.append((positions[max(0, count - len(wanted))], at + 1))
    return found


def is_same_number(wanted: str, other: str) -> bool:
    """Whether two numbers are the same but for what is dialled before them, or `wanted` is the end of the other."""
    for one in _without_prefixes(wanted):
        if len(one) >= LAST_DIGITS and other.endswith(one):
            return True
    return any(len(one) >= SHORTEST_NUMBER and wanted.endswith(one) for one in _without_prefixes(other))


def digits(address: str) -> str:
    return "".join(char for char in address if "0" <= char <= "9")


def _without_prefixes(number: str) -> Iterable[str]:
    yield number
    for prefix in _TRUNK_PREFIXES:
        if number.startswith(prefix):
            yield number[len(prefix) :]


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """In order, and without overlaps."""
    found: list[Range] = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif len(found) < MOST_RANGES:
            found.append((first, end))
    return found


def snippet(text: str, ranges: Iterable[Range], longest: int = _SNIPPET) -> Snippet:
    """The part of a text to show in a list: from a little before the first match."""
    marked = list(ranges)
    first = marked[0][0] if marked else 0
    offset = 0
    if len(text) > longest and first > _BEFORE:
        offset = min(first - _BEFORE, len(text) - longest)
        blank = text.find(" ", offset, min(first, offset + _LONGEST_WORD))
        offset = blank + 1 if blank >= 0 else offset
    end = offset + longest
    marks = [(begin - offset, min(stop, end) - offset) for begin, stop in marked if offset <= begin < end]
    return Snippet(text[offset:end], offset, tuple(marks))
