"""Actions found by words, for the command palette: by label, other names and sentence, also where letters are missing
or one is wrong."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tui.actions.keys.action import Action
from tui.actions.keys.aliases import ALIASES
from tui.actions.keys.contexts import Context
from tui.actions.keys.footer import is_named
from tui.actions.keys.table import ACTIONS
from tui.model.fuzzy import WORDS, Match, SearchedText, begins, inside, mistyped, spread, words_of

_LABEL, _ALIAS, _SAID, _ALIKE = 3, 2, 1, 0
"""How surely a word is meant: it begins a word of the label, of another name, of the sentence, or is only similar."""
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


class _Names(NamedTuple):
    label: SearchedText
    aliases: tuple[SearchedText, ...]
    help: SearchedText


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
    words = WORDS.findall(text.casefold())
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
    named = tuple(words_of(each.strip()) for each in aliases.split(",") if each.strip())
    return _Names(words_of(label), named, words_of(help_words))


def _best(word: str, names: _Names) -> _Hit | None:
    hits = [_hit(_LABEL, begins(word, names.label, 100))]
    hits += [_hit(_ALIAS, begins(word, alias, 90), alias.lower) for alias in names.aliases]
    if not any(hits) and len(word) > 1:
        said = _hit(_SAID, begins(word, names.help, 60))
        hits = [said._replace(is_help=True)] if said else _similar(word, names)
    return max((hit for hit in hits if hit is not None), key=lambda hit: hit.score, default=None)


def _similar(word: str, names: _Names) -> list[_Hit | None]:
    hits: list[_Hit | None] = []
    for look, of_label, of_alias in ((spread, 50, 45), (inside, 40, 38), (mistyped, 36, 34)):
        hits.append(_hit(_ALIKE, look(word, names.label, of_label)))
        hits += [_hit(_ALIKE, look(word, alias, of_alias), alias.lower) for alias in names.aliases]
    said = _hit(_ALIKE, mistyped(word, names.help, 20))
    return [*hits, said._replace(is_help=True) if said else None]


def _hit(sureness: int, found: Match | None, alias: str | None = None) -> _Hit | None:
    return None if found is None else _Hit(sureness, found.score, found.letters, alias)
