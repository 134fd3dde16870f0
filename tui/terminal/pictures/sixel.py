"""A picture in sixels: strips six pixels high, and in each strip one pass per colour.

DEC STD 070 "Sixel graphics"; https://vt100.net/docs/vt3xx-gp/chapter14.html
"""

from __future__ import annotations

import re

from tui.terminal.pictures.decode import PixelBudget, decode

MAX_PIXELS = 1_000_000
"""Of a picture that is sent, some 1.5 MB for a photograph and half a second of work; a larger one is scaled down."""

_HIGH = 6
_COLOURS = 256
_AS_LETTERS = bytes(63 + bits & 255 for bits in range(256))
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


def sixel(data: bytes, room: PixelBudget) -> tuple[list[str], int]:
    """The bytes that draw each row of cells, and how many columns they take. Raises UndecodablePicture.

    The rows are blank, as text written into a cell removes the picture there; the last row goes back to the first and
    draws the picture.
    """
    from PIL import Image

    picture, taken = decode(data, room, MAX_PIXELS)
    drawn = picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    sixels = _encode(drawn.tobytes(), drawn.width, drawn.getpalette() or []).decode()
    blank = " " * taken.columns
    up = f"\x1b[{taken.rows - 1}A" if taken.rows > 1 else ""
    return [blank] * (taken.rows - 1) + [f"\x1b7{blank}\x1b8{up}{sixels}\x1b8\x1b[{taken.columns}C"], taken.columns


def _encode(pixels: bytes, width: int, palette: list[int]) -> bytes:
    """`pixels` are indices of colours in the palette, in which each has three values of 0 to 255."""
    out = [b'\x1bP0;1q"1;1;%d;%d' % (width, len(pixels) // width)]
    for colour in sorted(set(pixels)):
        red, green, blue = (round(value * 100 / 255) for value in palette[3 * colour : 3 * colour + 3])
        out.append(b"#%d;2;%d;%d;%d" % (colour, red, green, blue))
    # For each colour and each of the six rows: a table that maps its pixels to their bit, and all others to zero.
    bits = [[bytes(colour) + bytes([1 << at]) + bytes(255 - colour) for at in range(_HIGH)] for colour in range(256)]
    for top in range(0, len(pixels), _HIGH * width):
        strip = pixels[top : top + _HIGH * width]
        lines = [strip[at : at + width] for at in range(0, len(strip), width)]
        for colour in set(strip):
            # As numbers of `width` digits the rows are combined at once; pixel by pixel it would take far longer.
            sum_ = 0
            for line, table in zip(lines, bits[colour], strict=False):
                if colour in line:
                    sum_ |= int.from_bytes(line.translate(table), "big")
            letters = sum_.to_bytes(width, "big").rstrip(b"\0").translate(_AS_LETTERS)
            out.append(b"#%d%b$" % (colour, _RUN.sub(lambda run: b"!%d%b" % (len(run[0]), run[1]), letters)))
        out.append(b"-")
    return b"".join(out) + b"\x1b\\"
