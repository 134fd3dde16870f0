"""Numbers of payment cards: by issuer, length and check digit (ISO/IEC 7812-1).

Issuers' first digits and lengths are those that the networks publish for acceptance. Left out are UATP (1, 15 digits)
and what has not been issued for decades: every tenth number of 15 digits would be one. The last four digits stay;
PCI DSS 4.0.1, requirement 3.4.1, allows the first six or eight as well, which agents have no use for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector.domain.masking.digits import SEPARATORS, Run

SHORTEST, LONGEST = 13, 19
SHOWN = 4

MOST = 20
"""Cards in one text. From there on all digits are masked, so that no text takes long."""

_RUN = re.compile(rf"[0-9](?:{SEPARATORS}[0-9]){{{SHORTEST - 1},}}")
# Network, first digits, lengths. The first that fits decides: before others that it shares digits with stands the
# one with all of their lengths.
_NETWORKS = (
    ("visa", "4", (13, 16, 19)),
    ("mastercard", "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
    ("amex", "3[47]", (15,)),
    ("diners", "30[0-5]|309|36|3[89]", (14, 15, 16, 17, 18, 19)),
    ("jcb", "352[89]|35[3-8]", (16, 17, 18, 19)),
    ("mir", "220[0-4]", (16, 17, 18, 19)),
    ("troy", "9792", (16,)),
    ("napas", "9704", (16, 19)),
    ("humo", "9860", (16,)),
    ("uzcard", "8600|5614", (16,)),
    ("unionpay", "62|81", (16, 17, 18, 19)),
    ("rupay", "508[5-9]|60[78]|82", (16,)),
    ("elo", "5067|5090|6362|6363|5041", (16,)),
    ("discover", "6011|64[4-9]|65", (16, 17, 18, 19)),
    ("verve", "506[01]|507[89]", (16, 18, 19)),
    ("hipercard", "606282|637", (16,)),
    ("maestro", "5018|5020|5038|5893|6304|6759|676[1-3]|5019", (13, 14, 15, 16, 17, 18, 19)),
)
_PREFIX = re.compile("|".join(f"(?P<{name}>{prefix})" for name, prefix, _ in _NETWORKS))
_LENGTHS = {name: lengths for name, _, lengths in _NETWORKS}

# A number in international form: of these lengths a card's would pass for one, and the other way round.
_LONGEST_PHONE = 15
_PLUS_BEFORE = re.compile(r"[+\uff0b][\s(]?\Z")
_TRUNK = ("00", "011", "000", "0011")
# Mobile numbers of Germany and Austria have 13 digits with their country code and are written without a plus, too; the
# 13-digit cards of Visa have been gone for longer than there are mobile numbers.
_PHONE_LIKE = ("49", "43")
_VISA_13_GROUPS = (0, 4, 7, 10)


def cards(text: str) -> Iterator[tuple[list[int], int]]:
    """Each card number in a folded text: the positions of its digits but the last four, and where it ends.

    They may overlap: of ten numbers that look like a card, one passes the check by chance.
    """
    count = 0
    for found in _RUN.finditer(text):
        run = Run(text, found.start(), found.end())
        if count >= MOST:
            yield run.positions, found.end()
            continue
        for first, end in _cards_in(text, run):
            count += 1
            if count == MOST:
                yield run.positions[first:], found.end()
                break
            yield run.positions[first : end - SHOWN], run.positions[end - 1] + 1


def _cards_in(text: str, run: Run) -> Iterator[tuple[int, int]]:
    """The first digit of each card in a run, and the one after its last."""
    for first in range(len(run.digits) - SHORTEST + 1):
        if not run.starts[first] or (network := _PREFIX.match(run.digits, first)) is None:
            continue
        for length in _LENGTHS[network.lastgroup or ""]:
            end = first + length
            if (
                end <= len(run.digits)
                and run.ends[end - 1]
                and run.passes_luhn(first, end)
                and run.is_one_number(first, end)
                and not _is_phone(text, run, first, end)
            ):
                # Masked once more, the text must stay as it is: what is left of a group begins one.
                run.starts[end - SHOWN] = True
                yield first, end


def _is_phone(text: str, run: Run, first: int, end: int) -> bool:
    length = end - first
    if length > _LONGEST_PHONE:
        return False
    if _PLUS_BEFORE.search(text[max(0, run.positions[first] - 2) : run.positions[first]]):
        return True
    group = first - 1
    while group > 0 and not run.starts[group]:
        group -= 1
    if first > 0 and run.digits[group:first] in _TRUNK:
        return True
    if length == SHORTEST and run.digits.startswith(_PHONE_LIKE, first):
        return tuple(at - first for at in range(first, end) if run.starts[at]) != _VISA_13_GROUPS
    return False
