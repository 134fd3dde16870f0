"""Names of keys."""

from __future__ import annotations

_SHOWN = {
    "escape": "esc",
    "slash": "/",
    "question_mark": "?",
    "vertical_line": "|",
    "up": "↑",
    "down": "↓",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "left": "←",
    "right": "→",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def shown(key: str) -> str:
    """A key as people write it: ctrl+q as ^q."""
    return "^" + key[5:] if key.startswith("ctrl+") else _SHOWN.get(key, key)
