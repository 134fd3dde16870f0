"""Social security numbers of the United States: AAA-GG-SSSS.

They have no check digit. With dashes they are like nothing else; written with blanks or dots, or in one, only after
their name. Not assigned are the areas 000, 666 and 900 to 999, the group 00 and the serial 0000 (ssa.gov, "Social
Security Number Randomization").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_AREA, _GROUP, _SERIAL = "(?!000|666|9)[0-9]{3}", "(?!00)[0-9]{2}", "(?!0000)[0-9]{4}"
_DASH = "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
_EDGE_BEFORE, _EDGE_AFTER = r"(?<![\w+-])", rf"(?![\w]|{_DASH}[0-9])"
_DASHED = re.compile(rf"{_EDGE_BEFORE}({_AREA})\s?{_DASH}\s?({_GROUP})\s?{_DASH}\s?{_SERIAL}{_EDGE_AFTER}")
_NAMED = re.compile(
    rf"\b(?:ssn|social(?: security)?(?: (?:number|no\.?|#))?)\b\W{{0,3}}(?:(?:is|number|no)\b\W{{0,3}})?"
    rf"({_AREA})[\W_]{{0,3}}({_GROUP})[\W_]{{0,3}}{_SERIAL}(?!\w)",
    re.IGNORECASE,
)


def social_security_numbers(text: str) -> Iterator[list[int]]:
    """Each number in a folded text: the positions of its digits but the last four."""
    for pattern in (_DASHED, _NAMED):
        for found in pattern.finditer(text):
            yield [*range(*found.span(1)), *range(*found.span(2))]
