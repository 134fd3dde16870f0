"""Small days to simulate."""

from __future__ import annotations

import re
from pathlib import Path

DAY = Path(__file__).parents[4] / "connector" / "lab" / "day" / "scenarios" / "day.toml"


def small(folder: Path, conversations: int, response_s: int = 900) -> Path:
    """The day that comes with textdesk, with fewer consumers, and one response time for all."""
    text = DAY.read_text(encoding="utf-8")
    for key, value in {"conversations": conversations, "response_s": response_s, "first_contact_s": response_s}.items():
        text, changed = re.subn(rf"(?m)^{key} = \d+$", f"{key} = {value}", text)
        assert changed
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path
