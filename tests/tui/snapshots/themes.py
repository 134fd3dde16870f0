"""What a few screens look like in each theme: the styles there are."""

from __future__ import annotations

from pathlib import Path

from tests.tui.snapshots.cells import Shot, styles
from tests.tui.snapshots.stage import shots
from tests.tui.snapshots.tours import THEMES
from tui.terminal.themes.choice import LOOKS

RECORD = "themes"


async def by_theme(folder: Path) -> dict[str, list[Shot]]:
    """`folder`: where the desk's own file may be."""
    taken = await shots(THEMES, THEMES.sizes[0], "dark", folder)
    return {theme: [shown for name, shown in taken.items() if name.split()[0] == theme] for theme in LOOKS}


def table(theme: str, shown: list[Shot]) -> list[str]:
    return [f"{theme}:", *styles(shown)]
