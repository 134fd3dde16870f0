"""A look: the toolkit's theme, for style sheets, and the styles of the roles that `tui/draw` gives to pieces of text.

Roles stand in a table, once for all widgets. Component classes in style sheets would do the same, at the cost of a node
for each role in each widget at every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct
from rich.color import Color
from rich.style import Style
from textual.theme import Theme

from tui.terminal.themes.xterm import hexadecimal

GROUNDS = frozenset(("cursor", "cursor-away", "bubble", "note-ground"))
"""Roles that bring a ground of their own."""


class Look(NamedTuple):
    """`raised` replaces the styles of some roles on a ground of its own, where they would be too weak."""

    theme: Theme
    roles: Mapping[str, Style]
    raised: Mapping[str, Style]

    def style(self, *words: str) -> Style:
        """The style of several roles, the later over the earlier. Each argument may be several roles."""
        roles = [role for each in words for role in each.split()]
        raised = self.raised if GROUNDS.intersection(roles) else {}
        return Style.combine([raised.get(role) or self.roles[role] for role in roles]) if roles else Style()


class ThemeColours(Struct, frozen=True):
    """The colours of a look, as numbers of the xterm palette from 16.

    Amber is for what needs the agent, red for what went wrong or is late, blue for what rings and for the consumer,
    green for what is well. Nothing else has a colour, so that a colour means something.
    """

    name: str
    is_dark: bool
    ground: int
    bar: int
    sheet: int  # dialogs and other boxes over the screen
    field: int
    cursor: int
    cursor_away: int
    bubble: int
    note_ground: int
    rule: int
    frame: int
    frame_on: int
    faint: int
    muted: int
    text: int
    strong: int
    amber: int
    red: int
    green: int
    blue: int
    key: int
    raised_faint: int
    raised_muted: int
    raised_red: int
    raised_amber: int

    def look(self) -> Look:
        return Look(self._theme(), self._roles(), self._raised())

    def _theme(self) -> Theme:
        text, muted, faint, ground = map(hexadecimal, (self.text, self.muted, self.faint, self.ground))
        selection = hexadecimal(self.cursor)
        return Theme(
            name=self.name,
            primary=hexadecimal(self.blue),
            secondary=hexadecimal(self.blue),
            accent=hexadecimal(self.amber),
            warning=hexadecimal(self.amber),
            error=hexadecimal(self.red),
            success=hexadecimal(self.green),
            foreground=text,
            background=ground,
            surface=ground,
            panel=hexadecimal(self.sheet),
            dark=self.is_dark,
            variables={
                "bar": hexadecimal(self.bar),
                "sheet": hexadecimal(self.sheet),
                "field": hexadecimal(self.field),
                "field-on": selection,
                "muted": muted,
                "faint": faint,
                "rule": hexadecimal(self.rule),
                "frame": hexadecimal(self.frame),
                "frame-on": hexadecimal(self.frame_on),
                "bar-style": "none",
                "example": hexadecimal(self.raised_faint),  # in an empty field
                "example-style": "italic",
                "selection": selection,
                "selection-style": "none",
                "screen-selection-background": selection,
                "screen-selection-foreground": text,
                "input-selection-background": selection,
                "input-selection-foreground": text,
                "text-disabled": faint,
            },
        )

    def _roles(self) -> dict[str, Style]:
        return {
            "": Style(),
            "muted": _ink(self.muted),
            "faint": _ink(self.faint),
            "strong": _ink(self.strong, bold=True),
            "on": _ink(self.strong, bold=True),
            "accent": _ink(self.blue),
            "ring": _ink(self.blue),
            "link": _ink(self.blue, underline=True),
            "good": _ink(self.green),
            "bar-down": _ink(self.green, reverse=True),  # drawn by what a block leaves out
            "you": _ink(self.amber),
            "warn": _ink(self.amber),
            "unread": _ink(self.amber),
            "bad": _ink(self.red),
            "reply": _ink(self.text),
            "note": _ink(self.key),
            "key": _ink(self.key, bold=True),
            "found": _ink(self.key, bold=True),
            "rule": _ink(self.rule),
            "frame": _ink(self.frame),
            "frame-on": _ink(self.frame_on),
            "cursor": _ground(self.cursor),
            "cursor-away": _ground(self.cursor_away),
            "bubble": _ground(self.bubble),
            "note-ground": _ground(self.note_ground),
            "bar": _ground(self.bar),
        }

    def _raised(self) -> dict[str, Style]:
        amber = _ink(self.raised_amber)
        return {
            "muted": _ink(self.raised_muted),
            "faint": _ink(self.raised_faint),
            "bad": _ink(self.raised_red),
            **dict.fromkeys(("you", "warn", "unread"), amber),
        }


def _ink(number: int, *, bold: bool | None = None, underline: bool | None = None, reverse: bool | None = None) -> Style:
    return Style(color=Color.from_ansi(number), bold=bold, underline=underline, reverse=reverse)


def _ground(number: int) -> Style:
    return Style(bgcolor=Color.from_ansi(number))
