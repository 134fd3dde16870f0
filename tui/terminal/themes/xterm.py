"""The colours of the xterm palette, which a terminal of 256 colours and one of 16 million show alike.

Source: xterm's 256colres.h. The first 16 are left out, as every terminal has its own.
"""

from __future__ import annotations

_LEVELS = (0, 95, 135, 175, 215, 255)
_CUBE, _GREYS = 16, 232

Triplet = tuple[int, int, int]


def rgb(number: int) -> Triplet:
    """Red, green and blue (0 to 255) of a colour from 16 to 255."""
    if number >= _GREYS:
        return (8 + 10 * (number - _GREYS),) * 3
    red, rest = divmod(number - _CUBE, 36)
    green, blue = divmod(rest, 6)
    return _LEVELS[red], _LEVELS[green], _LEVELS[blue]


def hexadecimal(number: int) -> str:
    """`#ffaf00` for 214."""
    return "#{:02x}{:02x}{:02x}".format(*rgb(number))


NUMBERS: dict[Triplet, int] = {rgb(number): number for number in range(_CUBE, 256)}
"""The number of each colour."""
