"""The dark theme: calm greys, and four colours that each mean something."""

from __future__ import annotations

from tui.terminal.themes.look import ThemeColours

COLOURS = ThemeColours(
    name="dark",
    is_dark=True,
    ground=234,
    bar=235,
    sheet=235,
    field=237,
    cursor=237,
    cursor_away=236,
    bubble=237,
    note_ground=236,
    rule=238,
    frame=240,
    frame_on=246,
    faint=246,
    muted=249,
    text=252,
    strong=255,
    amber=214,
    red=203,
    green=114,
    blue=110,
    key=222,
    raised_faint=248,
    raised_muted=251,
    raised_red=210,
    raised_amber=214,
)
LOOK = COLOURS.look()
