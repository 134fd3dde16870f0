"""A search as people type it: words, what is in quotes, numbers, and qualifiers like `from:anna`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from connector.base.alike import meant
from connector.domain.search.folding import fold_text
from connector.domain.search.terms import LAST_DIGITS, SHORTEST_NUMBER, WORD

QUALIFIERS = {
    "from": "from:anna, what an agent wrote; from:me; from:consumer",
    "agent": "agent:anna, whose conversation it is",
    "tag": 'tag:refund, or tag:"late delivery"',
    "outcome": "outcome:solved",
    "since": "since:2026-10-01, or since:7d",
    "until": "until:2026-10-31, that day included",
    "line": "line:0199, digits of one of our numbers",
    "number": "number:0114, at least four last digits of the consumer's, or all of it in any spelling",
    "state": "state:failed, how a reply ended",
    "is": "is:open, is:closed, is:note, is:queued …",
}
"""Each qualifier, with what can be written."""

MOST_PIECES = 16
_TOKEN = re.compile(r'([A-Za-z]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|([^\s"]+)')
_OF_NUMBER = re.compile(r"[0-9()+./\-‐-―−]*[0-9][0-9()+./\-‐-―−]*|[()+\-]+")
_ADDRESS = ("//", "\\\\")  # what follows the colon of a link, and of no qualifier


class SoughtPiece(Struct, frozen=True):
    """Something to find in a text.

    `words`: one after another, folded. `is_exact`: whole words, as in quotes; else the last of them may go on.
    `number`: digits that are found in any spelling of a number, or as `words`, each by itself.
    """

    words: tuple[str, ...]
    is_exact: bool = False
    number: str = ""


class Qualifier(Struct, frozen=True):
    name: str
    value: str


class TypedQuery(Struct, frozen=True):
    """What was typed, taken apart. `mistakes`: sentences, each for something that cannot be meant."""

    pieces: tuple[SoughtPiece, ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()
    mistakes: tuple[str, ...] = ()

    def values(self, name: str) -> list[str]:
        """The values of all qualifiers of this name."""
        return [one.value for one in self.qualifiers if one.name == name]

    @property
    def numbers(self) -> list[str]:
        """Digits by which people may be found: those of numbers, and of pieces that are nothing but enough digits."""
        found = []
        for piece in self.pieces:
            digits = piece.number or (piece.words[0] if len(piece.words) == 1 and not piece.is_exact else "")
            if digits.isdecimal() and len(digits) >= LAST_DIGITS:
                found.append(digits)
        return found


def parse(text: str) -> TypedQuery:
    """Never fails: what is no qualifier is words, and what is neither is left out."""
    pieces: list[SoughtPiece] = []
    qualifiers: list[Qualifier] = []
    mistakes: list[str] = []
    bare: list[str] = []  # the last words without quotes or qualifier between them
    for found in _TOKEN.finditer(text):
        name, quoted_value, value, quoted, word = found.groups()
        if name is not None and not (value or "").startswith(_ADDRESS):
            pieces += _bare(bare)
            bare = []
            _qualify(name.lower(), (value if quoted_value is None else quoted_value).strip(), qualifiers, mistakes)
        elif quoted is not None:
            pieces += _bare(bare)
            bare = []
            if words := _words(quoted):
                pieces.append(SoughtPiece(words, is_exact=True))
        else:
            bare.append(word or found.group())
    pieces += _bare(bare)
    return TypedQuery(tuple(dict.fromkeys(pieces))[:MOST_PIECES], tuple(qualifiers), tuple(mistakes))


def digits_of(text: str) -> str:
    """The digits of a number as it was typed, without the (0) that is not dialled from abroad."""
    return "".join(char for char in fold_text(text.replace("(0)", "")) if "0" <= char <= "9")


def _qualify(name: str, value: str, qualifiers: list[Qualifier], mistakes: list[str]) -> None:
    if name not in QUALIFIERS:
        alike = meant(name, QUALIFIERS)
        hint = f"did you mean {alike}:?" if alike else f"there are {', '.join(f'{one}:' for one in QUALIFIERS)}."
        words = f"{name[:20]}: is nothing that can be searched by; {hint} What is in quotes is looked for as it is."
        mistakes.append(words)
    elif not value:
        mistakes.append(f"{name}: needs a value, like {QUALIFIERS[name]}.")
    elif name == "number" and len(digits_of(value)) < LAST_DIGITS:
        mistakes.append(f"number: needs at least {LAST_DIGITS} digits.")
    else:
        qualifiers.append(Qualifier(name, value))


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(fold_text(text)))


def _bare(tokens: Sequence[str]) -> Iterator[SoughtPiece]:
    """The pieces of words without quotes: each by itself, and numbers of several groups as one."""
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and _OF_NUMBER.fullmatch(tokens[end]):
            end += 1
        spelled = " ".join(tokens[at:end])
        if len(digits := digits_of(spelled)) >= SHORTEST_NUMBER:
            yield SoughtPiece(_words(spelled), number=digits)
            at = end
            continue
        for token in tokens[at : max(end, at + 1)]:
            if words := _words(token):
                yield SoughtPiece(words)
        at = max(end, at + 1)
