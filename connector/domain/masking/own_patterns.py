"""Patterns of the operator's own: regular expressions whose time is bounded.

Python's `re` has no time limit, and a pattern like `(a+)+b` takes longer than the universe on 40 characters that do not
match. So the ways in which a pattern can match from one place are counted before it is used: each repetition has a
bound, and of all choices together (how often, which alternative) there are at most `MOST_WAYS`, each over at most
`LONGEST` characters. What has more is refused. Other engines with linear time would be a dependency in C++ for a
handful of patterns that look like `KD-[0-9]{8}`.
"""

from __future__ import annotations

import re
import warnings
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from msgspec import Struct

LONGEST = 64  # characters of a match
MOST_WAYS = 64
MOST_PATTERNS = 20


class OwnPattern(Struct, frozen=True):
    """A rule of the operator's own. The last `keep_last` letters and digits of what it finds stay."""

    name: str
    expression: re.Pattern[str]
    keep_last: int = 0

    def positions(self, text: str) -> list[int]:
        """What is masked of a text: letters and digits, no separators."""
        found = []
        for match in self.expression.finditer(text):
            characters = [at for at in range(*match.span()) if text[at].isalnum()]
            found += characters[: -self.keep_last] if self.keep_last else characters
        return found


def bounded_expression(pattern: str) -> re.Pattern[str]:
    """Raises ValueError, in words, for a pattern that is none, or whose time has no small bound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            expression = re.compile(pattern)
            parsed = _parser.parse(pattern)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        raise ValueError(f"is no regular expression of Python: {error}") from None
    shortest, longest = parsed.getwidth()
    if longest > LONGEST:
        raise ValueError(
            f"can match more than {LONGEST} characters; write how often at most, as in [0-9]{{8,12}}, not + or *"
        )
    if shortest < 1:
        raise ValueError("matches nothing as well; it has to match at least one character")
    if _ways(parsed) > MOST_WAYS:
        raise ValueError(
            f"can match in more than {MOST_WAYS} ways from one place; give repetitions narrower bounds, and let them"
            " not stand within one another"
        )
    return expression


def _ways(parsed: Any) -> int:
    """How many ways there are at most to match from one place. Raises ValueError for what cannot be counted."""
    ways = 1
    for operator, value in parsed:
        ways *= _ways_of(operator, value)
        if ways > MOST_WAYS:
            break
    return ways


def _ways_of(operator: Any, value: Any) -> int:
    match operator:
        case _constants.LITERAL | _constants.NOT_LITERAL | _constants.ANY | _constants.IN | _constants.AT:
            return 1
        case _constants.MAX_REPEAT | _constants.MIN_REPEAT | _constants.POSSESSIVE_REPEAT:
            least, most, inner = value
            most = min(int(most), LONGEST + 1)
            return int(sum(min(_ways(inner) ** times, MOST_WAYS + 1) for times in range(int(least), most + 1)))
        case _constants.BRANCH:
            return sum(_ways(branch) for branch in value[1])
        case _constants.SUBPATTERN:
            return _ways(value[-1])
        case _constants.ATOMIC_GROUP:
            return _ways(value)
        case _constants.ASSERT | _constants.ASSERT_NOT:
            if value[1].getwidth()[1] > LONGEST:
                raise ValueError(f"looks further than {LONGEST} characters ahead")
            return _ways(value[1])
    raise ValueError("refers back to what it has matched before, which is not supported")
