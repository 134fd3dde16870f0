"""Tagging conversations: the words typed, the tags they may mean, and the request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from connector.wire import limits, requests
from connector.wire.views import ConversationView
from tui.actions.conversation import Intent
from tui.model.conversations import is_new
from tui.model.state import Model


class TagChoice(NamedTuple):
    """A tag that can be chosen; `on`: how many of the conversations have it; `is_known`: it was used before."""

    tag: str
    on: int
    is_known: bool = True


class TagChange(NamedTuple):
    add: list[str]
    remove: list[str]


_NONE = TagChange([], [])


def set_tags(model: Model, view: ConversationView | None, change: TagChange = _NONE) -> Intent:
    if view is None or is_new(view.id):
        return "There is no conversation here to tag."
    too_long = next((tag for tag in change.add if len(tag) > limits.WORD_LENGTH), None)
    if too_long is not None:
        return f"A tag is a word or two, at most {limits.WORD_LENGTH} characters."
    gone = set(map(str.casefold, change.remove))
    left = {tag.casefold() for tag in view.tags} - gone | set(map(str.casefold, change.add))
    if len(left) > limits.TAG_COUNT:
        return f"A conversation has at most {limits.TAG_COUNT} tags: -tag takes one away."
    return requests.SetTags(view.id, change.add, change.remove)


def choices(views: Sequence[ConversationView], known: Iterable[str], text: str) -> list[TagChoice]:
    """The tags that the last word may mean: those that begin with it, itself as a new one, those that hold it. Without
    a word those that are there, then the others."""
    on = Counter(tag for view in views for tag in view.tags)
    every = {tag.casefold(): TagChoice(tag, on[tag]) for tag in (*on, *known)}
    begun = _last(text)
    word = _tag(begun).casefold()
    if begun.startswith("-"):
        every = {key: one for key, one in every.items() if one.on}
    elif not word:
        return sorted(every.values(), key=lambda one: not one.on)
    beginning = [one for key, one in every.items() if key.startswith(word)]
    beginning.sort(key=lambda one: one.tag.casefold() != word)
    holding = [one for key, one in every.items() if word in key and not key.startswith(word)]
    is_new_tag = word not in every and not begun.startswith("-")
    return [*beginning, *([TagChoice(_tag(begun), 0, is_known=False)] if is_new_tag else []), *holding]


def change(text: str, choice: TagChoice | None, total: int) -> TagChange:
    """What is asked for by the words, the last of which means the choice. A choice without a word is added, or taken
    away where all of the conversations have it."""
    words = text.split()
    last = _last(text)
    if last and choice is not None:
        words.pop()
    add = [_tag(word) for word in words if not word.startswith("-")]
    remove = [_tag(word) for word in words if word.startswith("-")]
    if choice is not None:
        is_taken_away = last.startswith("-") or (not last and choice.on == total)
        (remove if is_taken_away else add).append(choice.tag)
    return TagChange([*dict.fromkeys(filter(None, add))], [*dict.fromkeys(filter(None, remove))])


def in_words(asked: TagChange) -> str:
    """`adds #refund, takes away #late`"""
    parts = (("adds", asked.add), ("takes away", asked.remove))
    return ", ".join(f"{verb} {' '.join(f'#{tag}' for tag in tags)}" for verb, tags in parts if tags)


def _last(text: str) -> str:
    """The word that is being typed."""
    return "" if not text or text[-1].isspace() else text.split()[-1]


def _tag(word: str) -> str:
    return word.lstrip("+-").removeprefix("#")
