"""Small days to play."""

from __future__ import annotations

import re
from pathlib import Path

DAY = Path(__file__).parents[3] / "connector" / "simulation" / "scenarios" / "day.toml"


def small(folder: Path, conversations: int) -> Path:
    """The day that comes with textdesk, with so few consumers."""
    text, changed = re.subn(r"(?m)^conversations = \d+$", f"conversations = {conversations}", DAY.read_text())
    assert changed == 1
    path = folder / "small.toml"
    path.write_text(text)
    return path
