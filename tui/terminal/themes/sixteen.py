"""The themes for terminals of 16 colours or 8: their own ground and text, whose shades are the user's choice.

`dim` is used nowhere, as many such terminals show it as black, and bright black for rules only: it is the ground of
some. On a light ground their yellow, cyan and green cannot be read.
"""

from __future__ import annotations

from rich.style import Style
from textual.theme import Theme

from tui.terminal.themes.look import Look

_PLAIN, _BOLD = Style(), Style(bold=True)

_UNCOLOURED = (
    *("bar", "sheet", "field", "field-on", "example", "muted", "faint", "rule", "frame", "frame-on", "text-disabled"),
    *("selection", "screen-selection-background", "screen-selection-foreground"),
    *("input-selection-background", "input-selection-foreground", "ansi-background", "ansi-foreground"),
    *("border-blurred", "block-cursor-foreground", "block-cursor-background"),
    *("input-cursor-background", "input-cursor-foreground"),
)
VARIABLES = {
    **dict.fromkeys(_UNCOLOURED, "ansi_default"),
    "input-cursor-text-style": "reverse",
    "bar-style": "reverse",
    "example-style": "italic",
    "selection-style": "reverse",
}
"""Variables of the style sheets, without a colour."""


def _look(name: str, *, is_dark: bool, amber: str, blue: str, red: str, green: Style) -> Look:
    default = "ansi_default"
    rule = "ansi_bright_black"
    theme = Theme(
        name=name,
        primary=f"ansi_{blue}",
        secondary=f"ansi_{blue}",
        accent=f"ansi_{amber}",
        warning=f"ansi_{amber}",
        error=f"ansi_{red}",
        success="ansi_green",
        foreground=default,
        background=default,
        surface=default,
        panel=default,
        boost=default,
        dark=is_dark,
        ansi=True,
        variables={**VARIABLES, "rule": rule, "frame": rule},
    )
    you, ring, grey = Style(color=amber, bold=True), Style(color=blue), Style(color="bright_black")
    roles = {
        **dict.fromkeys(("", "muted", "faint", "reply", "bubble", "bar", "frame-on"), _PLAIN),
        **dict.fromkeys(("strong", "on", "key", "found", "cursor-away"), _BOLD),
        **dict.fromkeys(("rule", "frame"), grey),
        **dict.fromkeys(("you", "warn", "unread"), you),
        **dict.fromkeys(("accent", "ring"), ring),
        **dict.fromkeys(("note", "note-ground"), Style(italic=True)),
        "link": ring + Style(underline=True),
        "good": green,
        "bar-down": Style(color="green", reverse=True),
        "bad": Style(color=red, bold=True),
        "cursor": Style(reverse=True),
    }
    return Look(theme, roles, {"rule": _PLAIN})


DARK = _look("sixteen", is_dark=True, amber="yellow", blue="cyan", red="bright_red", green=Style(color="green"))
LIGHT = _look("sixteen-light", is_dark=False, amber="magenta", blue="blue", red="red", green=_PLAIN)
