"""What a text costs as SMS: its encoding, its parts, and the characters that made it dear.

Used by the core (limits, records) and by the desk (the meter at each key). The counts are those of Twilio's own
calculator, the npm package `sms-segments-calculator` 1.3.0: 160 GSM septets or 70 UTF-16 units alone, 153 or 67 in
each part of a longer text (a header of 6 octets takes the rest), an extension character is two septets, CR LF counts
two, one outsider turns the whole text to UCS-2. Grapheme clusters stay whole. Sources: 3GPP TS 23.038 and 23.040.
"""

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from connector.sms import gsm
from connector.sms.graphemes import break_letters, cluster_around, clusters

Encoding = Literal["GSM-7", "UCS-2"]

_ESCAPED = {ord(char): gsm.ESC + char for char in gsm.EXTENSION}


class Measure(NamedTuple):
    """What one text is on the air."""

    encoding: Encoding
    segments: int
    """Messages billed; an empty text is one."""
    characters: int
    """Code points."""
    units: int
    """Septets in GSM-7, UTF-16 code units in UCS-2."""
    left_in_segment: int
    """Units that still fit in the last segment. A text of one segment has the room of a single message."""
    culprits: tuple[int, ...]
    """Index of each character outside the GSM alphabet; empty in GSM-7."""

    @property
    def culprit(self) -> int | None:
        """Index of the first character that forced UCS-2."""
        return self.culprits[0] if self.culprits else None


def measure(text: str) -> Measure:
    """The cost of `text`. Quick enough for every key: well under a millisecond for a text of 1,600 characters."""
    culprits: tuple[int, ...] = ()
    if not gsm.ALPHABET.issuperset(text):
        culprits = tuple(index for index, char in enumerate(text) if char not in gsm.ALPHABET)
    parts = _unit_parts(text) if culprits else _septet_parts(text)
    single, joined = (70, 67) if culprits else (160, 153)
    return Measure(
        encoding="UCS-2" if culprits else "GSM-7",
        segments=len(parts),
        characters=len(text),
        units=sum(units for _, units in parts),
        left_in_segment=(single if len(parts) == 1 else joined) - parts[-1][1],
        culprits=culprits,
    )


def split(text: str) -> list[str]:
    """The parts in which `text` travels; joined they are `text` again. An empty text is one empty part.

    Never across two parts: an escape and its character, a surrogate pair, a grapheme cluster. Only a cluster that is
    larger than a whole part is cut, at code points.
    """
    parts = _septet_parts(text) if gsm.ALPHABET.issuperset(text) else _unit_parts(text)
    return [part for part, _ in parts]


def plain(text: str) -> str:
    """`text` with look-alike characters replaced by GSM ones: quotes, dashes, blanks, ligatures, composed accents.

    What has no look-alike stays: letters keep their accents, an emoji keeps its joiners. The answer can be longer than
    `text` (`…` becomes three dots), so measure again. Doing it twice changes nothing more.
    """
    if gsm.ALPHABET.issuperset(text):
        return text
    done = text.translate(gsm.PLAIN)
    if gsm.ALPHABET.issuperset(done):
        return done
    done = ""
    for cluster in clusters(text):
        word = _plain_cluster(cluster)
        is_after_number = "/" in word and word[0].isdigit() and done[-1:].isdigit()
        done += f" {word}" if is_after_number else word  # 1½ must not become 11/2
    return done


@lru_cache(maxsize=2048)
def _plain_cluster(cluster: str) -> str:
    """The GSM form of one cluster, or the cluster itself if any of its characters has none."""
    if cluster in gsm.ALPHABET:
        return cluster
    word = unicodedata.normalize("NFC", cluster).translate(gsm.PLAIN)
    if not gsm.ALPHABET.issuperset(word):
        kinds = {unicodedata.decomposition(char).partition(">")[0] for char in word}
        if kinds & {"<super", "<sub", "<circle", "<square"}:
            return cluster  # 10² must not become 102
        word = unicodedata.normalize("NFKC", word).translate(gsm.PLAIN)
    return word if gsm.ALPHABET.issuperset(word) else cluster


def _septet_parts(text: str) -> list[tuple[str, int]]:
    """Parts of a text of GSM characters, each with its septets."""
    septets = text if gsm.EXTENSION.isdisjoint(text) else text.translate(_ESCAPED)
    if len(septets) <= 160:
        return [(text, len(septets))]
    parts = []
    start = 0
    while start < len(septets):
        end = start + 153
        if end < len(septets) and septets[end - 1] == gsm.ESC:
            end -= 1
        part = septets[start:end]
        parts.append((part.replace(gsm.ESC, ""), len(part)))
        start = end
    return parts


def _unit_parts(text: str) -> list[tuple[str, int]]:
    """Parts of any text in UCS-2, each with its UTF-16 units."""
    units = _utf16_units(text)
    if units <= 70:
        return [(text, units)]
    letters = break_letters(text)
    parts = []
    start = 0
    while start < len(text):
        end = _fit(text, start)
        if end < len(text):
            first, last = cluster_around(letters, end, since=start, reach=68)
            if first > start and _utf16_units(text[first:last]) <= 67:
                end = first
        parts.append((text[start:end], _utf16_units(text[start:end])))
        start = end
    return parts


def _fit(text: str, start: int) -> int:
    """The end of the longest run of code points from `start` that takes at most 67 units."""
    end = min(len(text), start + 67)
    while (excess := _utf16_units(text[start:end]) - 67) > 0:
        end -= (excess + 1) // 2  # no code point has more than two
    return end


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
