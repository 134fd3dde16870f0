"""Saved replies found by words, and by the shortcut that is being typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest
from typing import NamedTuple

from connector.sms.folding import folded
from connector.wire.saved_replies import SavedReplyView
from tui.model.fuzzy import Match, begins, inside, mistyped, spread, words_of

MOST = 60
"""So many are offered for what was typed: who wants others types more."""
_TYPED = re.compile(r"(?:^|[\s(.,!?:])(;([^\W_][\w-]{0,29}))$")  # ;) and a;b are none
_BESIDE_WORD = re.compile(r"\w;[^\W_][\w-]{0,29}$")
_LATELY_MS = 30 * 86_400_000
_FEW = 5  # fewer than so many are filled up with similar ones
_NAMED, _SAID, _ALIKE = 2, 1, 0
"""How surely one is meant: by its shortcut, title or category; by its text; or its title is only similar."""
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}


class FoundReply(NamedTuple):
    """A saved reply that is offered, and which letters of its title were typed."""

    reply: SavedReplyView
    in_title: frozenset[int] = frozenset()


class _Searched(NamedTuple):
    """Its words, each after a blank, without case and accents."""

    reply: SavedReplyView
    title: str
    shortcut: str
    category: str
    text: str


class ReplySearch:
    """Remembers the words of those it has looked through, as each letter looks through all of them again."""

    def __init__(self) -> None:
        self._searched: dict[str, _Searched] = {}

    def found(
        self, replies: Mapping[str, SavedReplyView], typed: str, skill: str | None, now: int, language: str = ""
    ) -> list[FoundReply]:
        """Those offered in conversations of a skill (None: all) in which each word typed is found, best first. Without
        words: those in the consumer's `language`, where it is known; of these the ones that the agent used last, then
        those of the skill, one's own, and those that are used most."""
        words = folded(typed).split()
        offered = [one for one in replies.values() if skill is None or is_offered(one, skill)]
        if not words:
            return [FoundReply(one) for one in nsmallest(MOST, offered, key=lambda one: _usual(one, now, language))]
        surely: list[tuple[int, int, SavedReplyView]] = []
        rest: list[_Searched] = []
        for one in map(self._words, offered):
            found = _surely(words, one)
            if found is None:
                rest.append(one)
            else:
                surely.append((*found, one.reply))
        best = nsmallest(MOST, surely, key=lambda each: (-each[0], -each[1], *_usual(each[2], now, language)))
        shown = [FoundReply(one, _letters(words, one.title)) for _, _, one in best]
        if len(shown) < _FEW:
            alike = [(score, one.reply) for one in rest if (score := _alike(words, one)) is not None]
            likest = nsmallest(MOST, alike, key=lambda each: (-each[0], *_usual(each[1], now, language)))
            shown += [FoundReply(one, _letters(words, one.title)) for _, one in likest]
        return shown

    def _words(self, one: SavedReplyView) -> _Searched:
        known = self._searched.get(one.id)
        if known is None or known.reply is not one:
            known = _Searched(one, *map(_folded, (one.title, one.shortcut, one.category, one.text)))
            self._searched[one.id] = known
        return known


def listed(replies: Mapping[str, SavedReplyView]) -> list[SavedReplyView]:
    """All of them: own ones first, each by category and title."""
    return sorted(replies.values(), key=lambda one: (one.is_shared, one.category.lower(), one.title.lower(), one.id))


def is_offered(reply: SavedReplyView, skill: str) -> bool:
    return not reply.skills or skill in reply.skills


def typed_shortcut(before: str) -> tuple[int, str] | None:
    """Where in a line the shortcut begins that ends where `before` ends, and the shortcut; None: none is typed."""
    found = _TYPED.search(before) if ";" in before else None
    return None if found is None else (found.start(1), found[2].lower())


def is_beside_word(before: str) -> bool:
    """Whether what would be a shortcut stands next to a word, and so is none."""
    return _BESIDE_WORD.search(before) is not None


def with_shortcut(replies: Iterable[SavedReplyView], typed: str, skill: str, most: int) -> list[SavedReplyView]:
    """Those whose shortcut begins so: the one that has just this first, and one's own before a shared one."""
    found = [one for one in replies if one.shortcut.startswith(typed) and is_offered(one, skill)]
    found.sort(key=lambda one: (one.shortcut != typed, one.is_shared, one.shortcut, one.title))
    return found[:most]


def _folded(text: str) -> str:
    """As `folded`, faster where nothing has an accent."""
    return f" {text.lower().translate(_BLANKS)}" if text.isascii() else folded(text)


def _usual(one: SavedReplyView, now: int, language: str) -> tuple[int, int, bool, bool, int, str, str]:
    used_at = one.used_at or 0
    lately = -used_at if now - used_at < _LATELY_MS else 0
    return (
        _strangeness(one.language, language),
        lately,
        not one.skills,
        one.is_shared,
        -one.uses,
        one.category.lower(),
        one.title.lower(),
    )


def _strangeness(written: str, spoken: str) -> int:
    """Of a text in one language to who speaks another."""
    if not written or not spoken:
        return 1
    return 0 if written.partition("-")[0].lower() == spoken.partition("-")[0].lower() else 2


def _surely(words: Sequence[str], one: _Searched) -> tuple[int, int] | None:
    """How surely it is meant, and how well, where each word begins one of its own."""
    sureness, score = _NAMED, 0
    for word in words:
        start = f" {word}"
        if start in one.shortcut:
            score += 130 if one.shortcut == start else 110
        elif start in one.title:
            score += 100 if one.title.startswith(start) else 85
        elif start in one.category:
            score += 80
        elif start in one.text:
            sureness, score = _SAID, score + 40
        else:
            return None
    return sureness, score


def _alike(words: Iterable[str], one: _Searched) -> float | None:
    """How well its title is what was meant, with letters left out or one of them wrong; None where it is not."""
    score = 0.0
    for word in words:
        begins_alike = len(word) > 1 and (f" {word[0]}" in one.title or word in one.title)
        best = _best(_looked(word, one.reply.title)) if begins_alike else None
        if best is None:
            return None
        score += best.score
    return score


def _looked(word: str, title: str) -> list[Match | None]:
    text = words_of(title)
    return [begins(word, text, 100), spread(word, text, 50), inside(word, text, 40), mistyped(word, text, 36)]


def _letters(words: Iterable[str], title: str) -> frozenset[int]:
    """The letters of a title that are these words."""
    found = (_best(_looked(word, title)) for word in words if len(word) > 1 or begins(word, words_of(title), 1))
    return frozenset[int]().union(*(one.letters for one in found if one is not None))


def _best(found: Iterable[Match | None]) -> Match | None:
    return max((one for one in found if one is not None), key=lambda one: one.score, default=None)
