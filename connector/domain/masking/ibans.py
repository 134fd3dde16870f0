"""International bank account numbers (ISO 13616): by country, its length in the SWIFT IBAN registry, and mod 97."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector.domain.masking.digits import SEPARATORS

# SWIFT IBAN registry, release 99: the length by country.
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip
_SHOWN_FIRST, _SHOWN_LAST = 4, 4  # country and check digits tell an agent whose account it may be
_BEGINNING = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=[Ii][Bb][Aa][Nn]))([A-Za-z]{2})[0-9]{2}")
_REST = re.compile(rf"{SEPARATORS}([A-Za-z0-9])")


def ibans(text: str) -> Iterator[list[int]]:
    """Each account number in a folded text: the positions of what is masked of it."""
    at = 0
    while (found := _BEGINNING.search(text, at)) is not None:
        at = found.start() + 1
        length = _LENGTHS.get(found[1].upper())
        if length is None:
            continue
        begin = found.start()
        positions = [begin, begin + 1, begin + 2, begin + 3]
        end = found.end()
        while len(positions) < length and (one := _REST.match(text, end)) is not None:
            positions.append(one.start(1))
            end = one.end()
        is_whole = len(positions) == length and not text[end : end + 1].isalnum()
        if is_whole and _passes(text[position] for position in positions):
            yield positions[_SHOWN_FIRST:-_SHOWN_LAST]
            at = end


def _passes(characters: Iterator[str]) -> bool:
    """ISO 7064, MOD 97-10, over the number with its first four characters moved to the end."""
    number = "".join(characters).upper()
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1
