"""Each screen at each size is as it was recorded. `python -m tests.tui.snapshots` records them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.snapshots import records
from tests.tui.snapshots.stage import Size, Tour, shots
from tests.tui.snapshots.tours import TOURS

_CASES = [pytest.param(tour, size, id=f"{tour.name} {size[0]}x{size[1]}") for tour in TOURS for size in tour.sizes]


@pytest.mark.parametrize(("tour", "size"), _CASES)
async def test_the_screens_are_as_recorded(tour: Tour, size: Size, tmp_path: Path) -> None:
    taken = await shots(tour, size, "dark", tmp_path)
    known = records.names()
    differing = [words for name, shown in taken.items() if name in known and (words := records.difference(name, shown))]
    assert not differing, "\n\n".join([*differing, "If it is meant: python -m tests.tui.snapshots"])
