"""A small language for phrases, so that rules about wording can be read by people who do not program.

A phrase is words with blanks between them, or `_` within one of several alternatives. `a|b` is one or the other,
`{name}` any of a named list of words, `x?` what may be missing, `#` a number, `*` up to three words of the same clause.
`^` and `$` are the ends of a clause, between which and the phrase only courtesy, greetings and anger may stand; `^^`
and `$$` those of the whole text. `-{name}` at the end: none of those words follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from connector.domain.consent import normalise

Vocabulary = Mapping[str, str]  # name → alternatives, as in a phrase

_END = "."  # the mark between clauses
_MOST_ORNAMENT = 6  # courtesies between a phrase and the end of its clause
_GAP = 3
_NUMBER = "#"
# Courtesies that are used beside phrases of any language.
_COURTESY = (
    "please pls plz thanks thank you thx ty ok svp stp merci gracias por favor bitte danke grazie obrigado obrigada "
    "tack tak takk dank bedankt aub afak kiitos lutfen sir maam hi hello"
)
_EVERYDAY_WORDS = (
    "a all and any are be can de do dont for from get got has have how i im in is it just la le me mi my need never no "
    "not of off on or please que say send that the this to u us want we with you your"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())


class Wishes(Struct, frozen=True):
    """The phrases of one language.

    `ornament` are the words that may stand around a phrase in its clause without changing what it says. `negations`
    undo a phrase that they stand in front of: "she won't stop calling me".
    """

    language: str
    phrases: tuple[str, ...]
    vocabulary: Vocabulary
    ornament: str
    negations: str


class Piece(Struct, frozen=True):
    """One place of a phrase: what may stand there, by its first word. Without any it is a gap."""

    alternatives: dict[str, tuple[tuple[str, ...], ...]]
    is_optional: bool

    def ends(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Where the next place may begin, the most words first."""
        if not self.alternatives:
            most = 0
            while most < _GAP and words[at + most] != _END:
                most += 1
            yield from range(at + most, at - 1, -1)
            return
        for one in self.alternatives.get(words[at], ()):
            if tuple(words[at : at + len(one)]) == one:
                yield at + len(one)
        if _NUMBER in self.alternatives and words[at].isdecimal():
            yield at + 1
        if self.is_optional:
            yield at


class Phrase(Struct, frozen=True):
    """One phrase; `start` and `end` are its anchors, `unless` the words that must not follow."""

    pieces: tuple[Piece, ...]
    firsts: frozenset[str]  # the words that it can begin with
    needed: tuple[frozenset[str], ...]  # a text has one of each, or not this phrase
    start: str
    end: str
    unless: frozenset[str]
    ornament: frozenset[str]
    negations: frozenset[str]

    def ends(self, words: Sequence[str], at: int, piece: int = 0) -> Iterator[int]:
        """Where the phrase can end that begins at `at`. Bounded by the phrase, whatever the text."""
        if piece == len(self.pieces):
            yield at
            return
        for after in self.pieces[piece].ends(words, at):
            yield from self.ends(words, after, piece + 1)


class Phrasebook:
    """Phrases, each tried only in texts that have its rarest word, so that most texts cost a look-up per word."""

    def __init__(self, languages: Iterable[Wishes]) -> None:
        self._phrases = [phrase for wishes in languages for phrase in _Reader(wishes).phrases()]
        self.ornament = frozenset[str]().union(*(phrase.ornament for phrase in self._phrases))
        self._by_rare_word: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for word in _rare_words(phrase):
                self._by_rare_word.setdefault(word, []).append(number)

    def find(self, clauses: Sequence[str]) -> str:
        """The words of the first phrase found, or an empty text. Each phrase is looked for in the order of the book.

        `clauses` is as `normalise.clauses` gives it: the first and the last word are ends of clauses.
        """
        numbers = {number for word in clauses if word in self._by_rare_word for number in self._by_rare_word[word]}
        words = frozenset(clauses)
        for number in sorted(numbers):
            phrase = self._phrases[number]
            if any(one.isdisjoint(words) for one in phrase.needed):
                continue
            for at, word in enumerate(clauses):
                if word in phrase.firsts and clauses[at - 1] not in phrase.negations:
                    found = self._match(phrase, clauses, at)
                    if found:
                        return found
        return ""

    def _match(self, phrase: Phrase, clauses: Sequence[str], at: int) -> str:
        if not phrase.start or _is_ornament(phrase, clauses, range(at - 1, -1, -1), phrase.start == "^^"):
            for end in phrase.ends(clauses, at):
                if clauses[end] in phrase.unless:
                    continue
                if not phrase.end or _is_ornament(phrase, clauses, range(end, len(clauses)), phrase.end == "$$"):
                    return " ".join(word for word in clauses[at:end] if word != _END)
        return ""


def _is_ornament(phrase: Phrase, clauses: Sequence[str], places: range, is_whole_text: bool) -> bool:
    """Whether these places, from the phrase outwards, are ornament: to the end of the clause or of the text."""
    for count, at in enumerate(places):
        if clauses[at] == _END:
            if not is_whole_text:
                return True
        elif count >= _MOST_ORNAMENT or clauses[at] not in phrase.ornament:
            return False
    return True


class _Reader:
    """Reads the phrases of one language; each named list of words is expanded once."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes = wishes
        self._negations = frozenset(_words_of(wishes.negations))
        self._ornament = frozenset(_words_of(f"{_COURTESY} {wishes.ornament}"))
        self._pieces: dict[str, Piece] = {}
        self._expanded: dict[str, list[str]] = {}

    def phrases(self) -> list[Phrase]:
        return [self._phrase(source) for source in self._wishes.phrases]

    def _phrase(self, source: str) -> Phrase:
        parts = source.split()
        start = parts.pop(0) if parts[0].startswith("^") else ""
        unless = self._alternatives(parts.pop()[1:]) if parts[-1].startswith("-") else []
        end = parts.pop() if parts[-1].startswith("$") else ""
        pieces = tuple(self._piece(one) for one in parts)
        firsts: set[str] = set()
        for piece in pieces:
            firsts |= piece.alternatives.keys()
            if not piece.is_optional:
                break
        return Phrase(
            pieces=pieces,
            firsts=frozenset(firsts),
            needed=tuple(
                frozenset(piece.alternatives)
                for piece in pieces
                if not piece.is_optional and _NUMBER not in piece.alternatives
            ),
            start=start,
            end=end,
            unless=frozenset(map(_folded, unless)),
            ornament=self._ornament,
            negations=self._negations,
        )

    def _piece(self, source: str) -> Piece:
        if source not in self._pieces:
            by_first: dict[str, list[tuple[str, ...]]] = {}
            for one in self._alternatives(source.removesuffix("?")) if source != "*" else ():
                words = tuple(_words_of(one))
                by_first.setdefault(words[0], []).append(words)
            longest_first = {first: tuple(sorted(some, key=len, reverse=True)) for first, some in by_first.items()}
            self._pieces[source] = Piece(longest_first, is_optional=source.endswith("?") or source == "*")
        return self._pieces[source]

    def _alternatives(self, source: str) -> list[str]:
        """What a place of a phrase can hold, as in a phrase: `_` between the words of one alternative."""
        if source not in self._expanded:
            found: list[str] = []
            for one in source.split("|"):
                before, _, rest = one.partition("{")
                name, _, after = rest.partition("}")
                if name:
                    for middle in self._alternatives(self._wishes.vocabulary[name]):
                        found += self._alternatives(f"{before}{middle}{after}")
                else:
                    found.append(one)
            self._expanded[source] = found
        return self._expanded[source]


def _words_of(text: str) -> list[str]:
    """Words of a rule as they stand in a folded text; `.` and `#` are themselves."""
    return [_folded(word) for word in text.replace("_", " ").split()]


@cache
def _folded(word: str) -> str:
    return word if word in (_END, _NUMBER) else normalise.folded(word)


def _rare_words(phrase: Phrase) -> frozenset[str]:
    """The first words of one place that must be filled: of the place with the fewest everyday words."""
    needed = [frozenset(piece.alternatives) for piece in phrase.pieces if not piece.is_optional]
    return min(needed, key=lambda words: (len(words & _EVERYDAY), len(words)))
