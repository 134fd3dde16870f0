"""What a benchmark found: each figure beside a floor that was measured in turns with it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from math import nan
from statistics import median

from msgspec import Struct

_HEADS = ("figure", "unit", "ours", "floor", "ratio", "ratios", "spread", "of")


class Figure(Struct, frozen=True):
    """One figure over rounds: `ours[i]` and `floor[i]` were measured one right after the other.

    Ratios are ours to floor, round by round, so that a slow minute of the machine is in both. `of` is what the floor
    does.
    """

    name: str
    unit: str
    ours: tuple[float, ...]
    floor: tuple[float, ...]
    of: str

    @property
    def ratios(self) -> list[float]:
        """Of the rounds whose floor is not 0; not a number where there is none."""
        return [one / other for one, other in zip(self.ours, self.floor, strict=True) if other] or [nan]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": median(self.ours),
            "floor": median(self.floor),
            "ratio": median(self.ratios),
            "ratio_range": [min(self.ratios), max(self.ratios)],
            "spread": spread(self.ours),
            "floor_spread": spread(self.floor),
            "rounds": {"ours": self.ours, "floor": self.floor},
            "of": self.of,
        }


def spread(values: Sequence[float]) -> float:
    """How many times the largest is the smallest: what the machine alone moves the same thing by."""
    return max(values) / min(values) if min(values) else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """Aligned columns; words to the left and numbers to the right."""
    return columns([_HEADS, *(_row(figure) for figure in figures)], {0, 1, len(_HEADS) - 1})


def columns(rows: Sequence[Sequence[str]], words: Container[int]) -> str:
    """Aligned columns; those numbered in `words` to the left, all others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(_aligned(row, widths, words)).rstrip() for row in rows)


def _row(figure: Figure) -> tuple[str, ...]:
    ratios = figure.ratios
    return (
        figure.name,
        figure.unit,
        number(median(figure.ours)),
        number(median(figure.floor)),
        f"{median(ratios):.2f}",
        f"{min(ratios):.2f}-{max(ratios):.2f}",
        f"{spread(figure.ours):.1f} / {spread(figure.floor):.1f}",
        figure.of,
    )


def _aligned(row: Sequence[str], widths: Sequence[int], words: Container[int]) -> list[str]:
    return [
        cell.ljust(width) if column in words else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def number(value: float) -> str:
    """With as many decimals as matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
