"""The theme without any colour (no-color.org): signs, bold and reverse."""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style

from tui.terminal.themes.look import Look
from tui.terminal.themes.sixteen import DARK, VARIABLES

_PLAIN, _BOLD = Style(), Style(bold=True)
_THEME = replace(
    DARK.theme,
    name="none",
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    warning="ansi_default",
    error="ansi_default",
    success="ansi_default",
    variables=VARIABLES,
)

LOOK = Look(
    _THEME,
    {
        **dict.fromkeys(DARK.roles, _PLAIN),
        **dict.fromkeys(("strong", "bad", "unread", "key", "on", "you", "found"), _BOLD),
        **dict.fromkeys(("cursor", "bar-down"), Style(reverse=True)),
        "cursor-away": _BOLD,
        "note-ground": Style(italic=True),
        "link": Style(underline=True),
    },
    {},
)
