"""The rows of a list as text, to be looked through. Neighbouring rows are one text: most are passed over together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from connector.sms.addresses import without_separators
from connector.wire.views import ConversationView
from tui.model.key_list import KeyList, KeyRun
from tui.model.packed_rows import PackedRows, row_text

_TOGETHER = 200


class Sought(NamedTuple):
    """A word that is looked for, and what else a row may have in its place."""

    word: str
    digits: str  # as in a number, in whatever spelling
    people: tuple[str, ...]  # as in a row, the agents whose name has the word
    is_owner: bool  # the word is `@` and a login
    is_whole: bool  # of an agent, not the beginning of one


def sought(words: Iterable[str], names: Mapping[str, str] = MappingProxyType({})) -> tuple[Sought, ...]:
    """What a filter of these words, in lower case, looks for. `names`: of the agents, by their logins."""
    lower = {f"@{login.casefold()}": name.casefold() for login, name in names.items()}
    return tuple(
        Sought(
            word,
            _digits(word),
            tuple(f"{login}\t" for login, name in lower.items() if word in name and word not in login),
            word.startswith("@") and len(word) > 1,
            word in lower,
        )
        for word in words
    )


def matches(view: ConversationView, wanted: Iterable[Sought]) -> bool:
    """Whether the row has every word."""
    row = row_text(view).casefold()
    return all(_holds(row, *one) for one in wanted)


def _holds(row: str, word: str, digits: str, people: tuple[str, ...], is_owner: bool, is_whole: bool) -> bool:
    if is_owner:
        owner = row.partition("\t")[2].partition("\t")[0]
        return owner == word if is_whole else owner.startswith(word)
    return (
        word in row
        or (digits != "" and digits in row.partition("\t")[0])
        or (people != () and any(one in row for one in people))
    )


def _may_hold(text: str, one: Sought) -> bool:
    """Whether some of the rows in a text may have the word."""
    return any(each in text for each in (one.word, *([one.digits] if one.digits else []), *one.people))


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

    def found(self, part: int, wanted: Sequence[Sought], conversations: PackedRows, without: Container[str]) -> KeyRun:
        """The rows of a part that match, except some."""
        text, (numbers, ids) = self.make(part, conversations), self._parts[part]
        if not all(_may_hold(text, one) for one in wanted):
            return KeyRun((), ())
        rows = text.split("\n")
        at = [one for one, name in enumerate(ids) if name not in without]
        for word, digits, people, is_owner, is_whole in wanted:
            at = [one for one in at if _holds(rows[one], word, digits, people, is_owner, is_whole)]
        return KeyRun([numbers[one] for one in at], [ids[one] for one in at])
