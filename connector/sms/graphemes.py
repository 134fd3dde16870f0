"""User-perceived characters (extended grapheme clusters) and the terminal cells they take.

The rules are Unicode's UAX #29 over the `unicodedata` of the running Python, with two exceptions:

* CR and LF are two clusters and Indic conjuncts (rule GB9c) are not joined, as in Twilio's segment calculator;
* emoji up to Unicode 17 are known also to a Python with older tables, because phones send them.

Widths are those of wcwidth and Rich for Unicode 17, so that a width measured here is the one Textual draws.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

ZWNJ = "\u200c"
ZWJ = "\u200d"
EMOJI_STYLE = "\ufe0f"  # variation selector 16: show the character before as an emoji
SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
KEYCAPS = "0123456789#*"  # an emoji before variation selector 16 and U+20E3


def _points(ranges: str) -> frozenset[int]:
    """Code points of a list like `"23 30-39"`, in hexadecimal."""
    ends = (entry.partition("-") for entry in ranges.split())
    return frozenset(p for first, _, last in ends for p in range(int(first, 16), int(last or first, 16) + 1))


# Characters of one cell that become an emoji of two before variation selector 16 (emoji-variation-sequences.txt).
_NARROW_EMOJI = _points("""
    A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 2328 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2 25AA-25AB 25B6 25C0
    25FB-25FC 2600-2604 260E 2611 2618 261D 2620 2622-2623 2626 262A 262E-262F 2638-263A 2640 2642 265F-2660 2663
    2665-2666 2668 267B 267E 2692 2694-2697 2699 269B-269C 26A0 26A7 26B0-26B1 26C8 26CF 26D1 26D3 26E9 26F0-26F1 26F4
    26F7-26F9 2702 2708-2709 270C-270D 270F 2712 2714 2716 271D 2721 2733-2734 2744 2747 2763-2764 27A1 2934-2935
    2B05-2B07 1F170-1F171 1F17E-1F17F 1F321 1F324-1F32C 1F336 1F37D 1F396-1F397 1F399-1F39B 1F39E-1F39F 1F3CB-1F3CE
    1F3D4-1F3DF 1F3F3 1F3F5 1F3F7 1F43F 1F441 1F4FD 1F549-1F54A 1F56F-1F570 1F573-1F579 1F587 1F58A-1F58D 1F590 1F5A5
    1F5A8 1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA 1F6CB 1F6CD-1F6CF
    1F6E0-1F6E5 1F6E9 1F6F0 1F6F3""")
# Emoji of Unicode 15 to 17, unassigned for Python 3.11.
_NEW_EMOJI = _points("""
    1F6D8 1F6DC 1FA75-1FA77 1FA87-1FA8A 1FA8E-1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FAC8 1FACD-1FACF 1FADA-1FADC 1FADF
    1FAE8-1FAEA 1FAEF 1FAF7-1FAF8""")
# Visible format characters and letters that begin the cluster of what follows (Prepend in GraphemeBreakProperty.txt).
_PREPENDED = _points("""
    600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 113D1 1193F 11941 11A84-11A89 11D46 11F02""")
# Marks of category Mc that begin a cluster, such as the Burmese tall AA.
_FREE_MARKS = _points("""
    102B-102C 1038 1062-1064 1067-106D 1083 1087-108C 108F 109A-109C 1A61 1A63-1A64 AA7B AA7D 11720-11721""")
_TAGS_AND_TONES = _points("200C FF9E-FF9F 1F3FB-1F3FF E0020-E007F")  # not marks, but extend a cluster
_VOWELS_AND_TAILS = _points("1160-11FF D7B0-D7C6 D7CB-D7FB")  # conjoining Hangul, drawn in the cell of the consonant
# Invisible letters and marks (Default_Ignorable_Code_Point, without the format characters).
_BLANKS = _points("34F 115F-1160 17B4-17B5 180B-180D 180F 3164 FE00-FE0F FFA0 E0100-E01EF")
_WIDE_SINCE_16 = _points("2630-2637 268A-268F 4DC0-4DFF 1D300-1D356 1D360-1D376")


class TranslationTable(dict[int, str]):
    """Table for `str.translate`, filled on demand; cleared when hostile text would make it large."""

    def __init__(self, classify: Callable[[int], str]) -> None:
        self._classify = classify

    def __missing__(self, point: int) -> str:
        if len(self) >= 8192:
            self.clear()
        letter = self[point] = self._classify(point)
        return letter


def is_assigned(char: str) -> bool:
    """Whether `char` is assigned, as far as this Python or the tables above know."""
    point = ord(char)
    return unicodedata.category(char) != "Cn" or point in _NEW_EMOJI or _is_later_han(point)


def is_invisible(char: str) -> bool:
    """Whether `char` is invisible: joiners, selectors, bidi controls, tags, fillers."""
    point = ord(char)
    return point in _BLANKS or (unicodedata.category(char) == "Cf" and point not in _PREPENDED)


def is_emoji(char: str) -> bool:
    """Whether `char` can be an element of a joined emoji (Extended_Pictographic, without reserved code points)."""
    point = ord(char)
    if point in _NARROW_EMOJI or point in _NEW_EMOJI:
        return True
    in_emoji_blocks = 0x2300 <= point < 0x2C00 or 0x1F000 <= point < 0x1FB00
    is_symbol = unicodedata.category(char) in ("So", "Sm")  # not the skin tones, which are Sk
    return in_emoji_blocks and is_symbol and unicodedata.east_asian_width(char) == "W"


def _is_later_han(point: int) -> bool:
    return 0x20000 <= point <= 0x2FFFD or 0x30000 <= point <= 0x3FFFD


def _break_letter(point: int) -> str:
    """Grapheme_Cluster_Break class as one letter, as in `_CLUSTER`."""
    char = chr(point)
    category = unicodedata.category(char)
    if point == 0x200D:
        return "z"
    if category in ("Mn", "Me") or point in _TAGS_AND_TONES:
        return "e"
    if point in _PREPENDED:
        return "p"
    if category in ("Cc", "Cf", "Zl", "Zp"):
        return "n"
    if category == "Cs":
        return "h" if point < 0xDC00 else "w"
    if (category == "Mc" and point not in _FREE_MARKS) or point in (0xE33, 0xEB3):
        return "s"
    if 0x1F1E6 <= point <= 0x1F1FF:
        return "r"
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if point in _VOWELS_AND_TAILS:
        return "V" if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6 else "T"
    if 0xAC00 <= point <= 0xD7A3:
        return "A" if (point - 0xAC00) % 28 == 0 else "B"
    return "x" if is_emoji(char) else "o"


# UAX #29 table 1c. A pair of surrogates (ill-formed in a str, but possible by JSON or concatenation) stays together.
_CLUSTER = r"hw|[nhw]|p*(?:rr|L*(?:V+|AV*|B)T*|L+|T+|x(?:e*zx)*|[^nhw])[ezs]*"
_BREAKS = TranslationTable(_break_letter)


def break_letters(text: str) -> str:
    """Break class of each code point of `text` as one letter, for `cluster_around`."""
    return text.translate(_BREAKS)


def clusters(text: str) -> Iterator[str]:
    """Grapheme clusters of `text` in order; joined they are `text` again."""
    if text.isascii():
        return iter(text)
    return (text[match.start() : match.end()] for match in re.finditer(_CLUSTER, break_letters(text)))


def cluster_around(letters: str, index: int, since: int, reach: int) -> tuple[int, int]:
    """Start and end of the cluster that contains code point `index`, looking at most `reach` code points ahead.

    A cluster has to begin at `since`, which is at or before `index`.
    """
    start = index
    while start > since and not (letters[start] in "onhxAB" and letters[start - 1] not in "pzL"):
        start -= 1  # only before such a pair is a break certain without looking further back
    spans = (match.span() for match in re.compile(_CLUSTER).finditer(letters, start, index + reach))
    return next(span for span in spans if span[1] > index)


def _width_letter(point: int) -> str:
    char = chr(point)
    category = unicodedata.category(char)
    if char == ZWJ:
        return "z"
    if char == EMOJI_STYLE:
        return "v"
    if point in _NARROW_EMOJI or char in KEYCAPS:
        return "n"
    if point in _PREPENDED or point == 0xAD:
        return "1"
    if category in ("Cc", "Cf", "Mn", "Me", "Mc", "Zl", "Zp") or point in _VOWELS_AND_TAILS:
        return "0"
    if char in SKIN_TONES or point in (0x3164, 0xFFA0):
        return "0"
    if point in _NEW_EMOJI or point in _WIDE_SINCE_16 or _is_later_han(point):
        return "2"
    if category == "Cn":
        return "1"
    return "2" if unicodedata.east_asian_width(char) in ("W", "F") else "1"


_WIDTHS = TranslationTable(_width_letter)


def width_letters(text: str) -> str:
    """One letter for each code point: `0`, `1` or `2` cells, `n` a narrow emoji, `v` its selector, `z` a joiner."""
    return text.translate(_WIDTHS)


def cells(text: str) -> int:
    """Width of `text` in terminal cells: 0 for marks and controls, 2 for East Asian wide characters and emoji.

    Equal to `rich.cells.cell_len` with its newest table, except for code points that this Python does not know. As
    there, what follows a joiner takes no cells, and an emoji style selector widens a narrow emoji.
    """
    if text.isascii() and text.isprintable():
        return len(text)
    letters = width_letters(text)
    if "z" in letters:
        letters = re.sub("z.?", "", letters)
    widened = len(re.findall("n0*v", letters)) if "v" in letters else 0
    return letters.count("1") + letters.count("n") + 2 * letters.count("2") + widened
