"""Text from outside, made safe to show on a terminal, in log lines and in JSON.

A text message can contain anything: escape sequences, bidi overrides, invisible letters, hundreds of accents on one
base. `shown` and `one_line` leave only what a terminal draws in as many cells as `cells` counts. Markup is not removed:
the result has to be drawn as literal text.
"""

import unicodedata

from connector.sms.graphemes import (
    EMOJI_STYLE,
    KEYCAPS,
    SKIN_TONES,
    ZWJ,
    ZWNJ,
    TranslationTable,
    cells,
    clusters,
    is_assigned,
    is_emoji,
    is_invisible,
    width_letters,
)

__all__ = ["cells", "is_blank", "is_writable", "masked", "one_line", "shown", "written"]

_TAB = "    "
_UNKNOWN = "\ufffd"
_NO_BASE = "\u25cc"  # the dotted circle that carries a mark without a letter
_MARKS_PER_BASE = 6  # Burmese and Tibetan stack up to five
_JOINS_PER_EMOJI = 3  # a family of four
_ELLIPSIS = "…"
# Bidi embeddings, overrides and isolates, and the format characters that Unicode has deprecated.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f")
_BRAILLE_BLANK = "\u2800"
_ZERO_WIDTH = frozenset("0vz")


def shown(text: str, *, keep_newlines: bool = True) -> str:
    """`text` without anything that moves the cursor, changes the order or hides.

    Every kind of line end becomes `\\n`, or a blank if `keep_newlines` is false; a tab becomes four blanks. Controls
    become their symbols (`␛`); private and unassigned characters and lone surrogates become `\\ufffd`; invisible
    characters are removed, except where an emoji or a script needs its joiner. Marks are limited per base and never
    join what precedes the text. At most four times as long as `text`. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").translate(_SAFE)
    if not _ZERO_WIDTH.isdisjoint(width_letters(text.replace("\n", " "))):
        text = _tidy(text)
    return text if keep_newlines else text.replace("\n", " ")


def written(text: str, *, keep_newlines: bool = True) -> str:
    """What an agent writes, with everything that carries meaning and nothing that moves the cursor or reorders a line.

    As `shown`, but for joiners, selectors, marks of direction, soft hyphens, private and new characters: they stay, and
    are sent as they were typed. Idempotent.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").translate(_WRITTEN)
    return text if keep_newlines else text.replace("\n", " ")


def is_writable(char: str) -> bool:
    """Whether `written` keeps a character as it is, other than a line end."""
    return char.isprintable() or _WRITTEN[ord(char)] == char != "\n"


def one_line(text: str, width: int) -> str:
    """`text` as `shown` on one line of at most `width` cells, with single blanks; if cut, it ends in `…`."""
    line = " ".join(shown(text, keep_newlines=False).split())
    if line and not cells(line[0]):
        line = _NO_BASE + line  # a mark whose base was a blank
    if cells(line) <= width:
        return line
    kept = ""
    room = width - cells(_ELLIPSIS)
    for cluster in clusters(line):
        room -= cells(cluster)
        if room < 0:
            break
        kept += cluster
    return kept + _ELLIPSIS if width > 0 else ""


def without_end(text: str) -> str:
    """`text` without the blank lines at its end, which nobody sees and which are paid for."""
    written = text.rstrip()
    end = text[len(written) :]
    return written + end[: next((at for at, char in enumerate(end) if char in "\r\n"), len(end))]


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in `text`: only blanks, controls, fillers, joiners, selectors and the like."""
    return all(
        char.isspace() or char == _BRAILLE_BLANK or is_invisible(char) or unicodedata.category(char) == "Cc"
        for char in text
    )


def masked(number: str) -> str:
    """A phone number for a log line, `+1555•••4567`: enough to distinguish two, too little to call.

    Anything but a number of six digits or more is `•••`.
    """
    digits = "".join(char for char in number if char in "0123456789")
    edge = 4 if len(digits) >= 11 else 2 if len(digits) >= 6 else 0
    plus = "+" if edge and number.startswith("+") else ""
    return f"{plus}{digits[:edge]}•••{digits[len(digits) - edge :]}"


def _safe(point: int) -> str:
    """Replacement of one code point, whatever its context."""
    char = chr(point)
    if char == "\t":
        return _TAB
    if char in "\n\r\x85\u2028\u2029":
        return "\n"
    if point < 0x20:
        return chr(0x2400 + point)
    if point == 0x7F:
        return "␡"
    if char in (ZWJ, ZWNJ, EMOJI_STYLE):
        return char  # `_tidy` decides
    if is_invisible(char):
        return ""
    if unicodedata.category(char) in ("Cc", "Cs", "Co") or not is_assigned(char):
        return _UNKNOWN
    return char


_SAFE = TranslationTable(_safe)


def _writable(point: int) -> str:
    char = chr(point)
    if char in _REORDERING:
        return ""
    return _safe(point) if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char


_WRITTEN = TranslationTable(_writable)


def _tidy(text: str) -> str:
    """`text` without excess marks and without joiners and selectors that join or select nothing."""
    kept = []
    before = "\n"
    marks = joins = 0
    for index, (char, width) in enumerate(zip(text, width_letters(text), strict=True)):
        piece = char
        if width in "12n" or char == "\n":
            marks = 0
            joins = joins if before == ZWJ else 0
        elif char in SKIN_TONES:
            piece = char if is_emoji(before) else _UNKNOWN
        elif is_invisible(char):
            joins += char == ZWJ
            is_kept = joins <= _JOINS_PER_EMOJI and _is_in_place(char, before, text[index + 1 : index + 2])
            piece = char if is_kept else ""
        else:
            marks += 1
            piece = "" if marks > _MARKS_PER_BASE else _NO_BASE + char if before == "\n" else char
        kept.append(piece)
        before = piece[-1:] or before
    return "".join(kept)


def _is_in_place(char: str, before: str, after: str) -> bool:
    """Whether an invisible character has an effect between these two."""
    if char == ZWJ:
        return after != "" and is_emoji(after) and (is_emoji(before) or before == EMOJI_STYLE or before in SKIN_TONES)
    if char == EMOJI_STYLE:
        return is_emoji(before) or (before in KEYCAPS and after == "\u20e3")
    return char == ZWNJ and unicodedata.category(before) in ("Lo", "Mn", "Mc")
