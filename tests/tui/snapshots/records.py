"""Shots in files: one for each screen, with the sizes below each other, and what differs from them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from tests.tui.snapshots.cells import Shot, recorded

FOLDER = Path(__file__).parent / "recorded"
_GAP = "\n\n"
_MOST_LINES = 60


def record(name: str, shots: Iterable[Shot]) -> None:
    FOLDER.mkdir(exist_ok=True)
    _file(name).write_text(_GAP.join("\n".join(recorded(each)) for each in shots) + "\n", encoding="utf-8")


def names() -> set[str]:
    return {path.stem for path in FOLDER.glob("*.txt")}


def forget(name: str) -> None:
    _file(name).unlink()


def difference(name: str, shown: Shot) -> str:
    """What is shown otherwise than recorded, as lines of a diff; blank where nothing is."""
    is_now = recorded(shown)
    size = is_now[0].partition(" ")[0]
    text = _file(name).read_text(encoding="utf-8") if _file(name).exists() else ""
    sections = (section.splitlines() for section in text.split(_GAP))
    was = next((lines for lines in sections if lines and lines[0].partition(" ")[0] == size), [])
    lines = [
        *difflib.unified_diff(
            was, [line.rstrip() for line in is_now], f"{name} as recorded", "as shown", n=1, lineterm=""
        )
    ]
    left_out = [f"… and {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *left_out])


def _file(name: str) -> Path:
    return FOLDER / f"{name}.txt"
