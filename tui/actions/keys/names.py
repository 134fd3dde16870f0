"""Names of keys: as the toolkit has them, as people write them, and which of them terminals send as another key."""

from __future__ import annotations

import re
import unicodedata

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
_WRITTEN = {shown.casefold(): key for key, shown in _SHOWN.items()} | {
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "backtab": "shift+tab",
    " ": "space",
}
_MOVES = ("up", "down", "left", "right", "home", "end")
_PLAIN = {
    *("enter", "escape", "tab", "shift+tab", "space", "backspace", "delete", "insert", "pageup", "pagedown"),
    *_MOVES,
    *(f"{modifier}+{move}" for modifier in ("ctrl", "shift") for move in _MOVES),
    *(f"f{number}" for number in range(1, 13)),
    *(f"ctrl+{letter}" for letter in "abdefgjklnopqrstuvwxyz"),
}
_TAKEN = {
    "ctrl+i": "terminals send it as tab",
    "ctrl+m": "terminals send it as enter",
    "ctrl+h": "terminals send it as backspace",
    "ctrl+c": "it copies what is selected",
}
_MODIFIED = re.compile(r"(?:(?:ctrl|shift|alt|meta|super|hyper)\+)+(?P<key>.+)")
_TOOLKIT = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus"} | {
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Its names of characters, where they are not those of Unicode."""


def shown(key: str) -> str:
    """A key as people write it: ctrl+q as ^q."""
    return "^" + key[5:] if key.startswith("ctrl+") else _SHOWN.get(key) or _CHARACTERS.get(key, key)


def _name(char: str) -> str:
    """The toolkit's name of a character."""
    if char.isalnum():
        return char
    name = unicodedata.name(char, "").lower().replace("-", "_").replace(" ", "_")
    return _TOOLKIT.get(name, name)


_CHARACTERS = {_name(char): char for char in "!\"#$%&'()*+,-.:;<=>@[\\]^_`{}~"}


def toolkit_name(written: str) -> str:
    """The toolkit's name of a key as people write it: `^q`, `F4`, `/`, `ctrl+y`."""
    if len(written) == 1 and written != " ":
        return _WRITTEN.get(written) or _name(written)
    lower = written.strip().casefold() or written
    lower = f"ctrl+{lower[1:]}" if lower.startswith("^") else lower
    if lower.startswith("shift+") and len(lower) == 7 and lower[6].isalpha():
        return lower[6].upper()
    return _WRITTEN.get(lower, lower)


def unusable(key: str) -> str | None:
    """Why an action cannot have a key, by the toolkit's name; None when it can."""
    if key.isdecimal():
        return "a digit begins a count"
    if key in _PLAIN or len(key) == 1 or key in _SHOWN or key in _CHARACTERS:
        return None
    if key in _TAKEN:
        return _TAKEN[key]
    if (found := _MODIFIED.fullmatch(key)) is not None:
        if "alt+" in key or "meta+" in key:
            return "terminals send it as esc and another key"
        return f"many terminals send it as {shown(found['key'])} alone"
    from connector.base.alike import meant  # needed by a setting that is wrong only

    alike = meant(key, (*_PLAIN, *_SHOWN, *_SHOWN.values()))
    return f"there is no such key{f': did you mean {alike}?' if alike else ''}"
