"""Colours of the xterm palette by their numbers.

The style sheets know them as red, green and blue. Rich (15.0, `Color.downgrade`) makes others of some where the
terminal has 256 colours (252 becomes 251), and spells them out, at three times the bytes, where it has more.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.terminal.themes.xterm import NUMBERS


class NumberedColours(LineFilter):
    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with each colour that the palette has as its number."""
        return [
            segment if segment.style is None else Segment(segment.text, _numbered(segment.style), segment.control)
            for segment in segments
        ]


@lru_cache(2048)
def _numbered(style: Style) -> Style:
    color, ground = _number(style.color), _number(style.bgcolor)
    return style if color is style.color and ground is style.bgcolor else style + Style(color=color, bgcolor=ground)


def _number(color: RichColor | None) -> RichColor | None:
    if color is None or color.type is not ColorType.TRUECOLOR or color.triplet is None:
        return color
    red, green, blue = color.triplet
    number = NUMBERS.get((red, green, blue))
    return color if number is None else RichColor.from_ansi(number)
