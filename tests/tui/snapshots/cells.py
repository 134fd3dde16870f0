"""A screen as cells, each a character with its style, and as lines of text for a file or a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style
from textual.strip import Strip

from connector.sms.text import cells

_FLAGS = ("bold", "italic", "underline", "reverse", "dim", "strike")


class Run(NamedTuple):
    text: str
    style: Style

    @property
    def ground(self) -> str:
        return _colour(self.style.bgcolor)

    def name(self, ground: str) -> str:
        """`bold 214/235`: the colours of text and ground, the latter where it is another than `ground`.

        Of blanks only the ground is seen: blank where it is this one.
        """
        flags = [flag for flag in _FLAGS if getattr(self.style, flag)]
        is_seen = self.text.strip() or {"reverse", "underline"} & {*flags}
        other = f"/{self.ground}" if self.ground != ground else ""
        return " ".join([*flags, f"{_colour(self.style.color)}{other}"]) if is_seen else other


class Shot(NamedTuple):
    width: int
    rows: tuple[tuple[Run, ...], ...]

    @property
    def text(self) -> list[str]:
        return ["".join(run.text for run in row).rstrip() for row in self.rows]


def shot(width: int, strips: Sequence[Strip]) -> Shot:
    return Shot(width, tuple(tuple(_runs(strip)) for strip in strips))


def _runs(strip: Strip) -> Iterator[Run]:
    """Pieces of one style."""
    styled = ((segment.style or Style(), segment.text) for segment in strip if segment.text)
    for style, run in groupby(styled, key=lambda one: one[0]):
        yield Run("".join(text for _, text in run), style)


def recorded(shown: Shot) -> list[str]:
    """The lines of text, then those of styles: each with the columns where a style begins.

    Colours are numbers of the xterm palette, or names; blanks on the ground that most of the screen has are left out.
    """
    area = Counter[str]()
    for row in shown.rows:
        for run in row:
            area[run.ground] += cells(run.text)
    ground = area.most_common(1)[0][0]
    lines = [f"{shown.width}x{len(shown.rows)} on {ground}", *(f"|{line}" for line in shown.text)]
    for number, row in enumerate(shown.rows):
        if starts := [*_starts(row, ground)]:
            lines.append(f"{number:>3}: {', '.join(starts)}")
    return lines


def _starts(row: tuple[Run, ...], ground: str) -> Iterator[str]:
    column, before = 0, ""
    for run in row:
        name = run.name(ground)
        if name and name != before:
            yield f"{column} {name}"
        column, before = column + cells(run.text), name or before


def styles(shots: Iterable[Shot]) -> list[str]:
    """Each style there is, with a word in it, in the order in which they are met."""
    met: dict[str, str] = {}
    for shown in shots:
        for row in shown.rows:
            for run in row:
                if run.text.strip():
                    met.setdefault(run.name(""), run.text.strip()[:24])
    return [f"{name:<28} {text}".rstrip() for name, text in met.items()]


def _colour(colour: Color | None) -> str:
    if colour is None or colour.is_default:
        return "-"
    return colour.name if colour.number is None or colour.number < 16 else str(colour.number)


def ansi(shown: Shot) -> str:
    """As a terminal takes it."""
    rows = (
        "".join(run.style.render(run.text, color_system=ColorSystem.EIGHT_BIT) for run in row) for row in shown.rows
    )
    return "\n".join(rows)
