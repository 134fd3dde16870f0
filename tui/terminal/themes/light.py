"""The light theme: paper and ink, with colours dark enough to be read on paper."""

from __future__ import annotations

from tui.terminal.themes.look import ThemeColours

COLOURS = ThemeColours(
    name="light",
    is_dark=False,
    ground=231,
    bar=255,
    sheet=231,
    field=254,
    cursor=254,
    cursor_away=255,
    bubble=254,
    note_ground=230,
    rule=250,
    frame=249,
    frame_on=241,
    faint=241,
    muted=239,
    text=235,
    strong=16,
    amber=94,
    red=160,
    green=22,
    blue=25,
    key=58,
    raised_faint=240,
    raised_muted=238,
    raised_red=124,
    raised_amber=94,
)
LOOK = COLOURS.look()
