"""Digits at the edge of a text that is only a part: the rest of a card number may be in another.

Each part is masked for itself, as it arrives and is shown for itself. At its end a run of up to three digits stays, as
they are the first of a card; at its beginning the last four of the run, as they are its last or come after it. So of a
card cut anywhere no more than the first three and the last four digits are shown, and the same holds for an account or
a social security number. Other numbers that are cut are masked as well.
"""

from __future__ import annotations

import re

from connector.domain.masking.digits import SEPARATORS

_SHOWN_AT_END, _SHOWN_AT_START = 3, 4
_RUN = rf"{SEPARATORS}[0-9](?:{SEPARATORS}[0-9])*"
_AT_START = re.compile(rf"\A[A-Za-z]{{0,2}}{_RUN}")  # also an account number cut within its country
_AT_END = re.compile(rf"\A{_RUN}")  # in the text reversed


def at_start(text: str) -> list[int]:
    """The positions of the digits to mask in a folded text that goes on with another."""
    return _digits(_AT_START, text)[:-_SHOWN_AT_START]


def at_end(text: str) -> list[int]:
    """The positions of the digits to mask in a folded text that another goes on with."""
    last = len(text) - 1
    digits = [last - at for at in _digits(_AT_END, text[::-1])]
    return digits if len(digits) > _SHOWN_AT_END else []


def _digits(edge: re.Pattern[str], text: str) -> list[int]:
    found = edge.match(text)
    return [] if found is None else [at for at in range(found.end()) if "0" <= text[at] <= "9"]
