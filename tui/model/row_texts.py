"""The rows of a list as text, to be looked through. Neighbouring rows are one text: most are passed over together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from connector.sms.addresses import without_separators
from connector.wire.views import ConversationView
from tui.model.key_list import Key

_TOGETHER = 200


def matches(view: ConversationView, words: Iterable[str]) -> bool:
    """Whether every word, in lower case, occurs in the row. Numbers are found in any spelling."""
    return _holds(_text(view).casefold(), words)


def _text(view: ConversationView) -> str:
    """On one line, the number in front."""
    where = f"{view.line} {view.skill} {view.agent or ''} {view.account}"
    return f"{view.consumer}\t{view.shown} {where} {view.last_text}".replace("\n", " ")


def _holds(row: str, words: Iterable[str]) -> bool:
    return all(word in row or ((digits := _digits(word)) and digits in row.partition("\t")[0]) for word in words)


@lru_cache(maxsize=64)
def _digits(word: str) -> str:
    """The digits of a number as people write it, `(0)7400-123`; empty for other words, and for fewer than three."""
    digits = without_separators(word).lstrip("+0")
    return digits if len(digits) >= 3 and digits.isdecimal() else ""


class RowTexts:
    """Of rows as they were when it was made, in parts, whose texts are made when they are needed first."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = list(keys)
        self._texts: dict[int, str] = {}

    def __len__(self) -> int:
        """How many parts there are."""
        return -(-len(self._keys) // _TOGETHER)

    def make(self, part: int, conversations: Mapping[str, ConversationView]) -> str:
        """The text of a part; a row that is not there any more is empty."""
        text = self._texts.get(part)
        if text is None:
            views = (conversations.get(key[2]) for key in self._of(part))
            text = "\n".join(_text(view) if view is not None else "" for view in views).casefold()
            self._texts[part] = text
        return text

    def found(self, part: int, words: Sequence[str], conversations: Mapping[str, ConversationView]) -> list[Key]:
        """The keys of the rows of a part that match."""
        text = self.make(part, conversations)
        if not all(word in text or ((digits := _digits(word)) and digits in text) for word in words):
            return []
        return [key for key, row in zip(self._of(part), text.split("\n"), strict=True) if _holds(row, words)]

    def _of(self, part: int) -> list[Key]:
        return self._keys[part * _TOGETHER : (part + 1) * _TOGETHER]
