"""Record the screens anew, all or those of some tours; the diff is then looked at.

With --ansi write them for a terminal instead, in any theme: `cat FOLDER/conversation-120x36-light.ansi`.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import defaultdict
from pathlib import Path

from tests.tui.snapshots import records, themes
from tests.tui.snapshots.cells import Shot, ansi, recorded
from tests.tui.snapshots.stage import Tour, shots
from tests.tui.snapshots.tours import TOURS
from tui.terminal.themes.names import NAMES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.tui.snapshots", description=__doc__)
    parser.add_argument("tours", nargs="*", metavar="TOUR", help=", ".join(tour.name for tour in TOURS))
    parser.add_argument("--ansi", type=Path, metavar="FOLDER")
    parser.add_argument("--theme", choices=NAMES, default="dark", help="with --ansi")
    options = parser.parse_args()
    tours = [tour for tour in TOURS if not options.tours or tour.name in options.tours]
    found: set[str] = set()
    for tour in tours:
        taken = _taken(tour, options.theme if options.ansi else "dark")
        if options.ansi:
            _write(options.ansi, options.theme, taken)
        else:
            for name, shown in taken.items():
                records.record(name, map(recorded, shown))
        found |= taken.keys()
        print(f"{tour.name}: {', '.join(taken)}")
    if not options.ansi and not options.tours:
        with tempfile.TemporaryDirectory() as folder:
            taken_by_theme = asyncio.run(themes.by_theme(Path(folder)))
        records.record(themes.RECORD, [themes.table(theme, shown) for theme, shown in taken_by_theme.items()])
        for name in records.names() - found - {themes.RECORD}:
            records.forget(name)


def _taken(tour: Tour, theme: str) -> dict[str, list[Shot]]:
    """By name, in each of the tour's sizes."""
    by_name: dict[str, list[Shot]] = defaultdict(list)
    for size in tour.sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, shown in asyncio.run(shots(tour, size, theme, Path(folder))).items():
                by_name[name].append(shown)
    return by_name


def _write(folder: Path, theme: str, taken: dict[str, list[Shot]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, shown in taken.items():
        for each in shown:
            path = folder / f"{name}-{each.width}x{len(each.rows)}-{theme}.ansi"
            path.write_text(ansi(each), encoding="utf-8")


if __name__ == "__main__":
    main()
