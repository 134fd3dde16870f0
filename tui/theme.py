"""The desk's colours: calm, dark, one accent; amber and red only for what calls for somebody."""

from __future__ import annotations

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

CALM = Theme(
    name="textdesk",
    primary="#7fb4ca",
    secondary="#5b7d8d",
    accent="#8fc1d4",
    warning="#d8a657",
    error="#e07a6e",
    success="#8fb573",
    foreground="#d3d7de",
    background="#15181d",
    surface="#1b1f25",
    panel="#242a32",
    dark=True,
    variables={
        "muted": "#858e9b",
        "rule": "#4a525e",
        "reply": "#b9cdd6",
        "cursor": "#2c3a44",
        "cursor-away": "#23292f",
    },
)

# The terminal's own colours, for NO_COLOR: every colour code is taken out of it, and only signs, bold and reverse stay.
_ANSI = BUILTIN_THEMES["ansi-dark"]
BARE = replace(
    _ANSI,
    name="textdesk-bare",
    variables={
        **_ANSI.variables,
        **dict.fromkeys(("muted", "rule", "reply"), "ansi_default"),
        **dict.fromkeys(("cursor", "cursor-away"), "ansi_default"),
    },
)
