"""The desk's colours: calm, dark, one accent; amber and red only for what calls for the agent.

`tui/draw` gives each piece of text a role; the style of a role stands here, once for all widgets. (Component classes
in CSS would do the same, at the cost of a node for each role in each widget at every start.)
"""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

_MUTED, _RULE, _REPLY = "#858e9b", "#4a525e", "#b9cdd6"
_ACCENT, _GOOD, _WARN, _BAD = "#8fc1d4", "#8fb573", "#d8a657", "#e07a6e"
_NOTE = "#b8a6cf"
_CURSOR, _CURSOR_AWAY = "#2c3a44", "#23292f"
# Colours of the xterm palette: 214, 110, 222, greys 241 to 235.
_YOU, _BLUE, _KEY = "#ffaf00", "#87afd7", "#ffd787"
_FAINT, _BUBBLE, _FRAME, _BAR = "#626262", "#3a3a3a", "#444444", "#262626"

CALM = Theme(
    name="textdesk",
    primary="#7fb4ca",
    secondary="#5b7d8d",
    accent=_ACCENT,
    warning=_WARN,
    error=_BAD,
    success=_GOOD,
    foreground="#d3d7de",
    background="#15181d",
    surface="#1b1f25",
    panel="#242a32",
    dark=True,
    variables={"muted": _MUTED, "rule": _RULE, "cursor": _CURSOR},
)

# The terminal's own colours, for NO_COLOR: every colour code is taken out of it, and only signs, bold and reverse stay.
_ANSI = BUILTIN_THEMES["ansi-dark"]
_DEFAULTS = dict.fromkeys(("muted", "rule", "cursor"), "ansi_default")
BARE = replace(_ANSI, name="textdesk-bare", variables={**_ANSI.variables, **_DEFAULTS})

_PLAIN = Style()
_BOLD = Style(bold=True)

CALM_ROLES: dict[str, Style] = {
    "": _PLAIN,
    "muted": Style(color=_MUTED),
    "strong": _BOLD,
    "accent": Style(color=_ACCENT),
    "good": Style(color=_GOOD),
    "warn": Style(color=_WARN),
    "bad": Style(color=_BAD),
    "unread": Style(color=_ACCENT, bold=True),
    "reply": Style(color=_REPLY),
    "note": Style(color=_NOTE, italic=True),
    "rule": Style(color=_RULE),
    "key": Style(color=_ACCENT, bold=True),
    "on": _BOLD,
    "bar-down": Style(color=_GOOD, reverse=True),  # drawn by what a block leaves out
    "cursor": Style(bgcolor=_CURSOR),
    "cursor-away": Style(bgcolor=_CURSOR_AWAY),
    "faint": Style(color=_FAINT),
    "you": Style(color=_YOU),
    "ring": Style(color=_BLUE),
    "bubble": Style(bgcolor=_BUBBLE),
    "note-ground": Style(color=_KEY, bgcolor=_BUBBLE),
    "frame": Style(color=_FRAME),
    "frame-on": Style(color=_MUTED),
    "bar": Style(bgcolor=_BAR),
    "link": Style(color=_BLUE, underline=True),
    "found": Style(color=_KEY, bold=True),
}

BARE_ROLES: dict[str, Style] = {
    **dict.fromkeys(CALM_ROLES, _PLAIN),
    **dict.fromkeys(("strong", "bad", "unread", "key", "on", "cursor-away", "you", "frame-on", "found"), _BOLD),
    "cursor": Style(reverse=True),
    "bar-down": Style(reverse=True),
    "link": Style(underline=True),
}
