"""Actions found by words, for the command palette: by label, other names and sentence, also where letters are missing
or one is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tui.actions.keys.action import Action
from tui.actions.keys.aliases import ALIASES
from tui.actions.keys.contexts import Context
from tui.actions.keys.footer import is_named
from tui.actions.keys.table import ACTIONS

_WORDS = re.compile(r"\w+")
_LABEL, _ALIAS, _SAID, _ALIKE = 3, 2, 1, 0
"""How surely a word is meant: it begins a word of the label, of another name, of the sentence, or is only similar."""
_SIMILAR_FROM, _INSIDE_FROM = 5, 3  # letters
_WIDEST = 3  # times the letters typed: how far they may stand apart
_FADES = 0.9  # what a use counts for after each later one
_MOST_USE, _WEIGHT, _IN_FOOTER = 3.0, 5.0, 2.0


class Found(NamedTuple):
    """A command that the palette offers, and which letters of it were typed."""

    action: Action
    reason: str = ""
    """Why it cannot be done now; empty where it can."""
    alias: str = ""
    """The other name it was found by."""
    in_label: frozenset[int] = frozenset()
    in_alias: frozenset[int] = frozenset()
    in_help: frozenset[int] = frozenset()


class _Hit(NamedTuple):
    """Where one word that was typed occurs: in the label, an alias or the sentence."""

    sureness: int
    score: float
    letters: frozenset[int]
    alias: str | None = None
    is_help: bool = False


class _Text(NamedTuple):
    lower: str
    starts: tuple[int, ...]  # of its words
    words: tuple[str, ...]


class _Names(NamedTuple):
    label: _Text
    aliases: tuple[_Text, ...]
    help: _Text


def found(
    text: str,
    places: Sequence[Context],
    hidden: Container[str] = (),
    *,
    reasons: Mapping[str, str] = MappingProxyType({}),
    likely: Collection[str] = (),
    used: Sequence[str] = (),
) -> list[Found]:
    """The palette's commands of these contexts in which each word typed is found, best first, without those `hidden` by
    id.

    First those with the words in their labels, then in other names, in sentences, then similar ones; so what was typed
    as a whole stays above a lucky guess, even if it cannot be done now (`reasons`). Within each of these groups that
    comes last. Before the rest are those that are `likely` with this conversation and those `used` most, lately above
    all (ids, the latest last); then those that the footer of the first place names.
    """
    words = _WORDS.findall(text.casefold())
    allowed = set(places)
    use: dict[str, float] = {}
    for age, action_id in enumerate(reversed(used)):
        use[action_id] = use.get(action_id, 0.0) + _FADES**age
    ranked: list[tuple[int, bool, float, int, Found]] = []
    for number, action in enumerate(ACTIONS):
        if not action.palette or action.id in hidden or not allowed.intersection(action.keys):
            continue
        hits = _hits(words, action)
        if hits is None:
            continue
        reason = reasons.get(action.id, "")
        sureness = _ALIKE if any(hit.sureness == _ALIKE for hit in hits) else max((h.sureness for h in hits), default=0)
        score = sum(hit.score for hit in hits) / max(1, len(hits))
        score += _WEIGHT * ((action.id in likely) + min(_MOST_USE, use.get(action.id, 0.0)))
        score += _IN_FOOTER * is_named(action, places[0])
        ranked.append((-sureness, bool(reason), -score, number, _found(action, reason, hits)))
    return [each[-1] for each in sorted(ranked, key=lambda each: each[:4])]


def _found(action: Action, reason: str, hits: Sequence[_Hit]) -> Found:
    alias = next((hit.alias for hit in hits if hit.alias is not None), "")

    def letters(wanted: Iterable[_Hit]) -> frozenset[int]:
        return frozenset[int]().union(*(hit.letters for hit in wanted))

    return Found(
        action,
        reason,
        alias,
        letters(hit for hit in hits if hit.alias is None and not hit.is_help),
        letters(hit for hit in hits if alias and hit.alias == alias),
        letters(hit for hit in hits if hit.is_help),
    )


def _hits(words: Iterable[str], action: Action) -> list[_Hit] | None:
    """The best hit of each word; None when one has none."""
    names = _names(action.label, action.help, ALIASES.get(action.id, ""))
    hits = []
    for word in words:
        hit = _best(word, names)
        if hit is None:
            return None
        hits.append(hit)
    return hits


@lru_cache(maxsize=512)
def _names(label: str, help_words: str, aliases: str) -> _Names:
    return _Names(
        _text(label), tuple(_text(each.strip()) for each in aliases.split(",") if each.strip()), _text(help_words)
    )


def _text(text: str) -> _Text:
    matches = list(_WORDS.finditer(lower := text.lower()))
    return _Text(lower, tuple(match.start() for match in matches), tuple(match.group() for match in matches))


def _best(word: str, names: _Names) -> _Hit | None:
    hits = [_begins(word, names.label, _LABEL, 100)]
    hits += [_begins(word, alias, _ALIAS, 90, alias.lower) for alias in names.aliases]
    if not any(hits) and len(word) > 1:
        said = _begins(word, names.help, _SAID, 60)
        hits = [said._replace(is_help=True)] if said else _similar(word, names)
    return max((hit for hit in hits if hit is not None), key=lambda hit: hit.score, default=None)


def _begins(word: str, text: _Text, sureness: int, score: float, alias: str | None = None) -> _Hit | None:
    """A word of the text begins so: best if it is the whole text, then its beginning, then another word."""
    match = _beginning(word).search(text.lower)
    if match is None:
        return None
    less = 0 if word == text.lower else 5 if match.start() == 0 else 15
    return _Hit(sureness, score - less, frozenset(range(*match.span())), alias)


@lru_cache(maxsize=64)
def _beginning(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}")


def _similar(word: str, names: _Names) -> list[_Hit | None]:
    hits = [_spread(word, names.label, 50), *(_spread(word, alias, 45, alias.lower) for alias in names.aliases)]
    if len(word) >= _INSIDE_FROM:
        hits += [_inside(word, names.label, 40), *(_inside(word, alias, 38, alias.lower) for alias in names.aliases)]
    if len(word) >= _SIMILAR_FROM:
        hits += [_mistyped(word, names.label, 36), *(_mistyped(word, one, 34, one.lower) for one in names.aliases)]
        said = _mistyped(word, names.help, 20)
        hits.append(said._replace(is_help=True) if said else None)
    return hits


def _spread(word: str, text: _Text, score: float, alias: str | None = None) -> _Hit | None:
    """The letters stand in the text in this order, the first at the start of a word; of two letters both do."""
    best: _Hit | None = None
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
        hit = _Hit(_ALIKE, score + 8 * starts / len(word) - width / len(word), frozenset(letters), alias)
        best = hit if best is None or hit.score > best.score else best
    return best


def _inside(word: str, text: _Text, score: float, alias: str | None = None) -> _Hit | None:
    at = text.lower.find(word)
    return _Hit(_ALIKE, score, frozenset(range(at, at + len(word))), alias) if at >= 0 else None


def _mistyped(word: str, text: _Text, score: float, alias: str | None = None) -> _Hit | None:
    """A word of the text begins so but for one letter."""
    for start, known in zip(text.starts, text.words, strict=True):
        if len(known) >= _SIMILAR_FROM and _differs_by_one(word, known):
            return _Hit(_ALIKE, score, frozenset(range(start, start + min(len(word), len(known)))), alias)
    return None


def _differs_by_one(typed: str, word: str) -> bool:
    """Whether the word begins as typed, if one letter is replaced, added, left out or swapped with the next."""
    if len(word) < len(typed) - 1:
        return False
    at = next((index for index, (one, other) in enumerate(zip(typed, word, strict=False)) if one != other), len(word))
    rest = typed[at:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return word[at + 1 :].startswith((rest, rest[1:])) or word[at:].startswith((rest[1:], swapped))
