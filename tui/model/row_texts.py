"""The rows of a list as text, to be looked through. Neighbouring rows are one text: most are passed over together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from connector.sms.addresses import without_separators
from connector.wire.views import ConversationView
from tui.model.key_list import KeyList, KeyRun
from tui.model.packed_rows import PackedRows, row_text

_TOGETHER = 200


def matches(view: ConversationView, words: Iterable[str]) -> bool:
    """Whether every word, in lower case, occurs in the row. Numbers are found in any spelling."""
    row = row_text(view).casefold()
    return all(_holds(row, word, _digits(word)) for word in words)


def _holds(row: str, word: str, digits: str) -> bool:
    return word in row or (digits != "" and digits in row.partition("\t")[0])


@lru_cache(maxsize=64)
def _digits(word: str) -> str:
    """The digits of a number as people write it, `(0)7400-123`; empty for other words, and for fewer than three."""
    digits = without_separators(word).lstrip("+0")
    return digits if len(digits) >= 3 and digits.isdecimal() else ""


class RowTexts:
    """Of rows as they were when it was made, in parts, whose texts are made when they are needed first."""

    def __init__(self, keys: KeyList) -> None:
        self._parts = keys.runs(_TOGETHER)
        self._texts: dict[int, str] = {}

    def __len__(self) -> int:
        """How many parts there are."""
        return len(self._parts)

    def make(self, part: int, conversations: PackedRows) -> str:
        """The text of a part; a row that is not there any more is empty."""
        text = self._texts.get(part)
        if text is None:
            text = self._texts[part] = "\n".join(conversations.texts(self._parts[part].ids)).casefold()
        return text

    def found(self, part: int, words: Sequence[str], conversations: PackedRows, without: Container[str]) -> KeyRun:
        """The rows of a part that match, except some."""
        text, (numbers, ids) = self.make(part, conversations), self._parts[part]
        wanted = [(word, _digits(word)) for word in words]
        if any(word not in text and not (digits and digits in text) for word, digits in wanted):
            return KeyRun((), ())
        rows = text.split("\n")
        at = [one for one, name in enumerate(ids) if name not in without]
        for word, digits in wanted:
            at = [one for one in at if _holds(rows[one], word, digits)]
        return KeyRun([numbers[one] for one in at], [ids[one] for one in at])
