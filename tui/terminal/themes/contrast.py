"""The theme of high contrast: black ground, and every text at 7:1 or more (WCAG 2.2, 1.4.6)."""

from __future__ import annotations

from tui.terminal.themes.look import ThemeColours

COLOURS = ThemeColours(
    name="contrast",
    is_dark=True,
    ground=16,
    bar=236,
    sheet=16,
    field=236,
    cursor=237,
    cursor_away=235,
    bubble=236,
    note_ground=235,
    rule=244,
    frame=246,
    frame_on=231,
    faint=251,
    muted=253,
    text=231,
    strong=231,
    amber=220,
    red=217,
    green=120,
    blue=153,
    key=229,
    raised_faint=253,
    raised_muted=255,
    raised_red=224,
    raised_amber=221,
)
LOOK = COLOURS.look()
