"""The dimensions that the headers of a picture claim, read without decoding.

A header that a decoder believes and we overlook would be a way around our limits, so what decoders tolerate (bytes
between the pieces, a second header) is tolerated here too. Time and memory grow with the bytes, never with what they
claim. Sources: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, annex B), GIF89a, WebP (RFC 9649).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Dimensions = tuple[int, int]  # width and height in pixels

_MOST_PIECES = 20_000  # chunks, segments or blocks of one picture
_MARKER = re.compile(rb"\xff([^\x00\xff])", re.DOTALL)
_BARE = frozenset({0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})  # markers without a length and content
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BLOCK = re.compile(rb"[!,;]")


def claimed_dimensions(kind: str | None, data: bytes) -> list[Dimensions]:
    """All dimensions that a picture of this content type claims; of a GIF its screen's first, then each frame's.

    Empty for a type that is not in `MEASURED`, for a broken picture, and for one with absurdly many pieces.
    """
    walk = _WALKS.get(kind or "")
    try:
        return list(walk(data)) if walk else []
    except _Broken:
        return []


def largest(claimed: list[Dimensions]) -> Dimensions | None:
    """The largest width and height among several; None where one is 0, or there are none."""
    width = max((one[0] for one in claimed), default=0)
    height = max((one[1] for one in claimed), default=0)
    return (width, height) if width and height else None


class _Broken(Exception):
    """More pieces than any real picture has."""


def _png(data: bytes) -> Iterator[Dimensions]:
    # The header has to be the first chunk, but decoders take a later one too.
    place = 8
    for _ in _pieces():
        if len(data) - place < 16:
            return
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if kind == b"IHDR":
            yield int.from_bytes(data[place + 8 : place + 12]), int.from_bytes(data[place + 12 : place + 16])
        elif place == 8:
            return
        place += 12 + length


def _jpeg(data: bytes) -> Iterator[Dimensions]:
    place = 2
    for _ in _pieces():
        # Decoders skip bytes between two segments, and take every frame header up to the pixels.
        found = _MARKER.search(data, place)
        if found is None or found[1] == b"\xda":
            return
        marker, place = found[1][0], found.end()
        if marker in _BARE:
            continue
        if marker in _FRAMES and len(data) - place >= 7:
            yield int.from_bytes(data[place + 5 : place + 7]), int.from_bytes(data[place + 3 : place + 5])
        place += max(2, int.from_bytes(data[place : place + 2]))


def _webp(data: bytes) -> Iterator[Dimensions]:
    place = 12
    for _ in _pieces():
        if len(data) - place < 8:
            return
        kind, length = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 18]
        if kind == b"VP8 " and len(body) == 10 and body[3:6] == b"\x9d\x01\x2a":
            yield int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
        elif kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
            bits = int.from_bytes(body[1:5], "little")
            yield (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"VP8X" and len(body) == 10:
            yield int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
        place += 8 + length + length % 2


def _gif(data: bytes) -> Iterator[Dimensions]:
    """The screen first, then every frame; a frame may reach beyond the screen and widens it."""
    if len(data) < 13:
        return
    yield _pair(data, 6)
    place = 13 + _colours(data[10])
    for _ in _pieces():
        # Decoders skip bytes between two blocks.
        found = _BLOCK.search(data, place)
        if found is None or found[0] == b";":
            return
        place = found.end()
        if found[0] == b"!":
            place = _after_blocks(data, place + 1)
        elif len(data) - place < 9:
            return
        else:
            (left, top), (width, height) = _pair(data, place), _pair(data, place + 4)
            yield left + width, top + height
            place = _after_blocks(data, place + 10 + _colours(data[place + 8]))


_WALKS = {"image/jpeg": _jpeg, "image/png": _png, "image/gif": _gif, "image/webp": _webp}
MEASURED = frozenset(_WALKS)


def _pieces() -> Iterator[int]:
    yield from range(_MOST_PIECES)
    raise _Broken


def _pair(data: bytes, place: int) -> Dimensions:
    return int.from_bytes(data[place : place + 2], "little"), int.from_bytes(data[place + 2 : place + 4], "little")


def _colours(flags: int) -> int:
    """The length of the colour table that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    end = len(data)
    while place < end and data[place]:
        place += data[place] + 1
    return place + 1
