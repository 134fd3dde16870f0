"""Texts in the form in which they are compared: without case, accents, width and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

# Letters of scripts that are written without spaces between words, or (Hangul) with endings that change.
RUNS = (
    "\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003fffd"
)
# Signs that are looked for as words are, one at a time: emoji, arrows, dingbats.
SIGNS = "\u2190-\u2bff\U0001f000-\U0001faff"

_SEPARATOR = " "
# Letters with a stroke, and joined ones: Unicode does not take them apart.
_TO_PLAIN = {
    "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
    "\u0640": "",  # the bar that stretches an Arabic word
}  # fmt: skip
_KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
# What becomes one character with what stands before it: a voicing mark after a kana, the parts of a Hangul syllable.
_COMPOSED = re.compile(
    "[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?"
)
_REMEMBERED = 8192

_ASCII = "".join(chr(code).lower() if chr(code).isalnum() else _SEPARATOR for code in range(128))


class Folded(Struct, frozen=True):
    """A text in folded form: words, digits and signs, and a blank for whatever separates them.

    `origins[i]`: which character of the text the i-th of the folded form is of, and one more for the end; None where
    each is of the character at its own place.
    """

    text: str
    origins: Sequence[int] | None = None

    def range_of(self, first: int, end: int) -> tuple[int, int]:
        """Where in the text these characters of the folded form are, with the accents on the last."""
        if self.origins is None:
            return first, end
        begin = self.origins[first]
        return begin, max(self.origins[end], self.origins[end - 1] + 1)


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.translate(_ASCII))
    parts: list[str] = []
    origins: list[int] = []
    at = 0
    for found in _COMPOSED.finditer(text):
        _add(text, at, found.start(), parts, origins)
        composed = _folded_char(unicodedata.normalize("NFKC", found.group()))
        parts.append(composed)
        origins += [found.start()] * len(composed)
        at = found.end()
    _add(text, at, len(text), parts, origins)
    origins.append(len(text))
    return Folded("".join(parts), origins)


def fold_text(text: str) -> str:
    """The folded form alone."""
    if text.isascii():
        return text.translate(_ASCII)
    if _COMPOSED.search(text) is not None:
        return fold(text).text
    return "".join([_folding[char] for char in text])


def _add(text: str, first: int, end: int, parts: list[str], origins: list[int]) -> None:
    for at in range(first, end):
        folded = _folding[text[at]]
        parts.append(folded)
        origins += [at] * len(folded)


class _FoldedCharacters(dict[str, str]):
    """What each character becomes; filled as they are met."""

    def __missing__(self, char: str) -> str:
        folded = _folded_char(char)
        if len(self) < _REMEMBERED:
            self[char] = folded
        return folded


_folding = _FoldedCharacters()
_is_sign = re.compile(f"[{SIGNS}]").match


def _folded_char(char: str) -> str:
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    without = "".join(_TO_PLAIN.get(one, one) for one in unicodedata.normalize("NFKD", plain) if not _is_accent(one))
    composed = unicodedata.normalize("NFC", without).translate(_KATAKANA_TO_HIRAGANA)
    return "".join(map(_word_character, composed))


def _is_accent(char: str) -> bool:
    """Whether it is a mark that people leave out, and no vowel sign: accents, Hebrew and Arabic points, selectors of
    how a sign looks, and what encloses it."""
    category = unicodedata.category(char)
    if category == "Me" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return True
    return category == "Mn" and (10 <= (order := unicodedata.combining(char)) <= 36 or order >= 200)


def _word_character(char: str) -> str:
    """The character where it is of a word, a number or a sign; nothing for one that is not seen; else a separator."""
    category = unicodedata.category(char)
    if char.isascii():
        return char if char.isalnum() else _SEPARATOR
    if category[0] == "L" or category in ("Mn", "Mc") or (category == "So" and _is_sign(char)):
        return char
    return "" if category == "Cf" else _SEPARATOR
