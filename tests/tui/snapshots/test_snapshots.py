"""Each screen at each size, and each theme, is as recorded. `python -m tests.tui.snapshots` records them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import Color

from tests.kit.contrast import ratio
from tests.tui.snapshots import records, themes
from tests.tui.snapshots.cells import Shot, recorded
from tests.tui.snapshots.stage import Size, Tour, shots
from tests.tui.snapshots.tours import TOURS
from tui.terminal.themes.xterm import rgb

_CASES = [pytest.param(tour, size, id=f"{tour.name} {size[0]}x{size[1]}") for tour in TOURS for size in tour.sizes]
_ADVICE = "If it is meant to be so: python -m tests.tui.snapshots"
_LEAST = {"dark": 4.5, "light": 4.5, "contrast": 7.0}


@pytest.mark.parametrize(("tour", "size"), _CASES)
async def test_the_screens_are_as_recorded(tour: Tour, size: Size, tmp_path: Path) -> None:
    taken = await shots(tour, size, "dark", tmp_path)
    differing = [words for name, shown in taken.items() if (words := records.difference(name, recorded(shown)))]
    assert not differing, "\n\n".join([*differing, _ADVICE])


async def test_themes_change_no_word_and_every_word_can_be_read(tmp_path: Path) -> None:
    taken = await themes.by_theme(tmp_path)
    now = [themes.table(theme, shown) for theme, shown in taken.items()]
    differing = [words for table in now if (words := records.difference(themes.RECORD, table))]
    assert not differing, "\n\n".join([*differing, _ADVICE])
    assert all([one.text for one in shown] == [one.text for one in taken["dark"]] for shown in taken.values())
    assert [words for theme, least in _LEAST.items() for words in _weak(taken[theme], least)] == []


def _weak(taken: list[Shot], least: float) -> Iterator[str]:
    """Words whose contrast with their ground is less."""
    for run in (run for shown in taken for row in shown.rows for run in row):
        if any(char.isalnum() for char in run.text):
            contrast = ratio(_rgb(run.style.color), _rgb(run.style.bgcolor))
            if contrast < least:
                yield f"{run.text.strip()}: {contrast:.1f}"


def _rgb(colour: Color | None) -> tuple[int, int, int]:
    assert colour is not None and colour.number is not None
    return rgb(colour.number)
