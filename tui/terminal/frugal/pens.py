"""How a cell is drawn, and the shortest change from one way to another (SGR, ECMA-48 8.3.117).

A colour that is one of xterm's 256 is written by its number, which is shorter than its parts, and the same on terminals
that know no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem

_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}
"""By the parameter that turns an attribute on: the one that turns it off, with others of its kind."""
_SEEN_ON_BLANKS = frozenset({4, 7, 9, 21, 51, 52, 53})
_LEVELS = (0, 95, 135, 175, 215, 255)


class Pen(NamedTuple):
    """Colours as SGR parameters, empty: the terminal's own; attributes by the parameters that turn them on."""

    colour: str = ""
    ground: str = ""
    attributes: frozenset[int] = frozenset()
    link: str = ""
    """What begins a hyperlink (OSC 8): its parameters and address."""

    @property
    def is_erasable(self) -> bool:
        """Whether erased cells look like blanks of this pen."""
        return not self.link and not self.attributes & _SEEN_ON_BLANKS

    def blank(self) -> Pen:
        """The same for a cell without a character: its colour cannot be seen."""
        return Pen(ground=self.ground) if self.is_erasable else self


PLAIN = Pen()


@lru_cache(maxsize=8192)
def pen_of(parameters: str, link: str, colours: ColorSystem) -> Pen:
    """Of SGR parameters with colours in full, for a terminal that knows so many colours."""
    colour = ground = ""
    attributes = set[int]()
    numbers = iter([int(each) for each in parameters.split(";") if each])
    for number in numbers:
        if number in _OFF:
            attributes.add(number)
        elif number in (38, 48):
            shown = _colour(numbers, colours, is_ground=number == 48)
            colour, ground = (colour, shown) if number == 48 else (shown, ground)
        elif number in (39, 49):
            pass
        elif 40 <= number < 48 or 100 <= number < 108:
            ground = str(number)
        else:
            colour = str(number)
    return Pen(colour, ground, frozenset(attributes), link)


def _colour(numbers: Iterator[int], colours: ColorSystem, *, is_ground: bool) -> str:
    """The colour whose parts, or number, come next: its parameters."""
    if next(numbers) == 5:
        colour = Color.from_ansi(next(numbers))
    else:
        parts = next(numbers), next(numbers), next(numbers)
        number = _numbers().get(parts)
        colour = Color.from_rgb(*parts) if number is None else Color.from_ansi(number)
    return ";".join(colour.downgrade(colours).get_ansi_codes(not is_ground))


@lru_cache(maxsize=1)
def _numbers() -> dict[tuple[int, int, int], int]:
    """Of the colours of xterm's cube and greys. Its first sixteen are everybody's own."""
    cube = [(red, green, blue) for red in _LEVELS for green in _LEVELS for blue in _LEVELS]
    greys = [(level, level, level) for level in range(8, 239, 10)]
    found = {parts: number for number, parts in enumerate(greys, 232)}
    return found | {parts: number for number, parts in enumerate(cube, 16)}


def shows_alike(text: str, pen: Pen, other: Pen) -> bool:
    """Whether a cell looks the same when it is written with the other pen."""
    return pen == other or (text == " " and pen.is_erasable and other.is_erasable and pen.ground == other.ground)


def change(before: Pen | None, after: Pen) -> str:
    """The bytes that change the terminal's pen; None: it is unknown."""
    return _link(before, after) + _sgr(before, after)


def _link(before: Pen | None, after: Pen) -> str:
    if before is not None and before.link == after.link:
        return ""
    return f"\x1b]8;{after.link or ';'}\x1b\\" if after.link or before is not None else ""


@lru_cache(maxsize=4096)
def _sgr(before: Pen | None, after: Pen) -> str:
    whole = _whole(after)
    if before is None:
        return whole
    if before[:3] == after[:3]:
        return ""
    offs = {_OFF[each] for each in before.attributes - after.attributes}
    kept = {each for each in before.attributes & after.attributes if _OFF[each] not in offs}
    parameters = [str(each) for each in (*sorted(offs), *sorted(after.attributes - kept))]
    if before.colour != after.colour:
        parameters.append(after.colour or "39")
    if before.ground != after.ground:
        parameters.append(after.ground or "49")
    return min(f"\x1b[{';'.join(parameters)}m", whole, key=len)


def _whole(pen: Pen) -> str:
    parameters = [*map(str, sorted(pen.attributes)), pen.colour, pen.ground]
    joined = ";".join(filter(None, parameters))
    return f"\x1b[0;{joined}m" if joined else "\x1b[m"
