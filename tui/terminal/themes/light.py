"""The light theme: paper and ink, with colours dark enough to be read on paper."""

from __future__ import annotations

from tui.terminal.themes.look import ThemeColours

COLOURS = ThemeColours(
    name="light",
    is_dark=False,
    ground=231,
    bar=254,
    sheet=255,
    field=253,
    cursor=253,
    cursor_away=254,
    bubble=254,
    note_ground=230,
    rule=250,
    frame=249,
    frame_on=241,
    faint=243,
    muted=240,
    text=235,
    strong=16,
    amber=130,
    red=160,
    green=28,
    blue=25,
    key=94,
    raised_faint=241,
    raised_muted=238,
    raised_red=124,
    raised_amber=94,
)
LOOK = COLOURS.look()
