"""Records in files: one for each screen, its sizes below each other, and what differs from them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "recorded"
_GAP = "\n\n"
_MOST_LINES = 60


def record(name: str, sections: Iterable[list[str]]) -> None:
    """A file with these sections, whose first lines differ in their first word."""
    FOLDER.mkdir(exist_ok=True)
    _file(name).write_text(_GAP.join("\n".join(lines) for lines in sections) + "\n", encoding="utf-8")


def names() -> set[str]:
    return {path.stem for path in FOLDER.glob("*.txt")}


def forget(name: str) -> None:
    _file(name).unlink()


def difference(name: str, is_now: list[str]) -> str:
    """What a section is otherwise than recorded, as lines of a diff; blank where it is the same."""
    text = _file(name).read_text(encoding="utf-8") if _file(name).exists() else ""
    sections = (section.splitlines() for section in text.split(_GAP))
    key = is_now[0].split()[0]
    was = next((lines for lines in sections if lines and lines[0].split()[0] == key), [])
    lines = [*difflib.unified_diff(was, is_now, f"{name} as recorded", "as shown", n=1, lineterm="")]
    left_out = [f"… and {len(lines) - _MOST_LINES} more lines"] if len(lines) > _MOST_LINES else []
    return "\n".join([*lines[:_MOST_LINES], *left_out])


def _file(name: str) -> Path:
    return FOLDER / f"{name}.txt"
