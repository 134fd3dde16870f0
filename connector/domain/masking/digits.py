"""Digits of every script, and runs of digits with separators between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from connector.wire.masks import MASK

# Up to eight characters that are no letters or digits: blanks, " - ", or what makes a keycap of a digit. The fillers of
# Hangul are letters, and blank.
SEPARATORS = rf"(?:[^\w{MASK}]|[_\u115f\u1160\u3164\uffa0]){{0,8}}"

# Digits as superscripts, in circles, in brackets, with a full stop, of Ethiopia ...: those that `\d` does not match.
MARKS = re.compile("[²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒𐩀-𐩃𐹠-𐹨𑁒-𑁚🄀-🄊]")

_LONGEST_GROUP = 4
_GROUPS_OF_15_AND_14 = ((4, 6, 5), (4, 6, 4))  # as on cards of American Express and Diners Club

_QUIET = frozenset("._·•-−\u115f\u1160\u3164\uffa0")  # beside blanks, dashes of all kinds and invisible characters
_QUIET_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me", "Pd"})


class _Folding(dict[int, int]):
    """Translation of the digits of every script, and of full-width letters, to ASCII; filled as they are met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        value = unicodedata.digit(char, None)
        if value is not None:
            folded = ord("0") + value
        else:
            plain = unicodedata.normalize("NFKC", char)
            folded = ord(plain) if len(plain) == 1 and plain.isascii() and plain.isalnum() else code
        if len(self) < 4096:
            self[code] = folded
        return folded


_folding = _Folding()


def folded(text: str) -> str:
    """The text with all digits as 0 to 9; equal in length."""
    return text if text.isascii() else text.translate(_folding)


class Run:
    """The digits of a part of a text, with where each stands, and how they are grouped.

    `starts[i]` and `ends[i]`: whether a group begins with digit i, or ends with it.
    """

    def __init__(self, text: str, first: int, end: int) -> None:
        """Of `text[first:end]`, which is folded."""
        self.positions = [at for at in range(first, end) if "0" <= text[at] <= "9"]
        self.digits = "".join([text[at] for at in self.positions])
        self.starts = [True]
        self._loud = [0]  # how many separators before digit i are neither blank, dash, dot nor invisible
        self._alike = [0]  # the first digit of the groups up to digit i whose separators are the same
        group, separator = 0, ""
        for index, (before, at) in enumerate(pairwise(self.positions), 1):
            between = text[before + 1 : at]
            self.starts.append(between != "")
            self._loud.append(self._loud[-1] + (between != "" and not _is_quiet(between)))
            self._alike.append(group if between and between != separator else self._alike[-1])
            if between:
                group, separator = index, between
        self.ends = [*self.starts[1:], True]
        self._sums = (self._luhn_sums(0), self._luhn_sums(1))

    def is_one_number(self, first: int, end: int) -> bool:
        """Whether these digits may be groups of one number, and no list of several.

        Between groups of any length there are blanks, dashes and dots; between short ones anything, as long as it is
        the same.
        """
        if self._loud[end - 1] == self._loud[first]:
            return True
        if self._alike[end - 1] > first:
            return False
        lengths = self._group_lengths(first, end)
        return max(lengths) <= _LONGEST_GROUP or lengths in _GROUPS_OF_15_AND_14

    def _group_lengths(self, first: int, end: int) -> tuple[int, ...]:
        begins = [at for at in range(first, end) if self.starts[at]]
        return tuple(after - before for before, after in pairwise([*begins, end]))

    def passes_luhn(self, first: int, end: int) -> bool:
        """Whether the last of these digits is the check digit of ISO/IEC 7812-1, annex B."""
        sums = self._sums[end % 2]
        return (sums[end] - sums[first]) % 10 == 0

    def _luhn_sums(self, doubled: int) -> list[int]:
        total, sums = 0, [0]
        for index, digit in enumerate(self.digits):
            value = ord(digit) - 48
            total += value if index % 2 != doubled else 2 * value - 9 if value > 4 else 2 * value
            sums.append(total)
        return sums


@lru_cache(1024)
def _is_quiet(separator: str) -> bool:
    return all(char in _QUIET or unicodedata.category(char) in _QUIET_CATEGORIES for char in separator)
