"""Texts as consent words and phrases are compared: without case, accents, invisible characters and ornament."""

from __future__ import annotations

import re
import unicodedata

from connector.sms.graphemes import TranslationTable, is_invisible

LONGEST = 1600  # characters that are read: what one long text message holds

_STOP = "."  # stands for every mark that ends a clause
_APOSTROPHES = "'\u2019\u2018\u02bc\u00b4`\uff07"
_ENGLISH_APOSTROPHE = re.compile(r"'(?=(?:t|s|re|ve|ll|d|m)\b)")
_CLAUSE_ENDS = frozenset(".!?;:,\n\r\u2028\u2029…¡¿。！？，、；：؟،؛।։·")
# Marks that change no letter where they stand: accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels.
_ACCENTS = (
    (0x0300, 0x036F), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip
# Letters that no decomposition reduces, and those of Persian and Urdu keyboards.
_LETTERS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th",
    "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ς": "σ",
}  # fmt: skip
_LETTER_EMOJI = ((0x1F1E6, 26), (0x1F150, 26), (0x1F170, 26))  # flags' letters, and white letters on black
# What iPhones add to a text that is sent with an effect, on phones that cannot show it.
_EFFECT = re.compile(r"\s*\(?\bsent with [a-z ]{1,24}\beffect\)?\s*$")


def folded(text: str) -> str:
    """Letters and digits of `text` in lower case, clause ends as `.`, apostrophes as `'`, and all else as blanks.

    Full-width and styled letters become plain ones; accents, vowel points and invisible characters are gone.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    text = text.casefold().translate(_FOLDED)
    return _EFFECT.sub("", text) if "effect" in text else text


def words(text: str) -> list[str]:
    """The words of a folded text, without its clauses."""
    return text.replace(_STOP, " ").replace("'", "").split()


def clauses(text: str) -> list[str]:
    """The words of a folded text, with `.` after each clause and in front of the first; English as `dont`, `im`."""
    if "'" in text:
        text = _ENGLISH_APOSTROPHE.sub("", text).replace("'", " ")
    found = [_STOP]
    for word in text.replace(_STOP, " . ").split():
        if word != _STOP or found[-1] != _STOP:
            found.append(word)
    if found[-1] != _STOP:
        found.append(_STOP)
    return found


def _fold(point: int) -> str:
    """Replacement of one code point of a decomposed text in lower case."""
    char = chr(point)
    if char in _CLAUSE_ENDS:
        return _STOP
    if char in _APOSTROPHES:
        return "'"
    if char in _LETTERS:
        return _LETTERS[char]
    if is_invisible(char) or any(first <= point <= last for first, last in _ACCENTS):
        return ""
    for first, count in _LETTER_EMOJI:
        if first <= point < first + count:
            return chr(ord("a") + point - first)
    return " " if unicodedata.category(char)[0] in "PSZC" else char


_FOLDED = TranslationTable(_fold)
