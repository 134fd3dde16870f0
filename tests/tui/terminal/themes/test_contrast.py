"""Contrast of what the themes draw, by WCAG 2.2 (1.4.3, 1.4.6 and 1.4.11)."""

from __future__ import annotations

import pytest
from rich.color import Color

from tests.kit.contrast import FIRST_16, Triplet, ratio
from tui.terminal.themes import contrast, dark, light, sixteen
from tui.terminal.themes.choice import LOOKS
from tui.terminal.themes.look import GROUNDS, Look, ThemeColours
from tui.terminal.themes.xterm import rgb

# Roles of words. A sign or a rule says nothing alone; a bar of a chart stands beside its figure.
_GROUNDS = (*GROUNDS, "bar")
_WORDS = tuple(set(sixteen.DARK.roles) - {"rule", "frame", "frame-on", "bar-down", *_GROUNDS})


def weak(colours: ThemeColours, least: float) -> list[str]:
    """Words on grounds that are weaker than the least ratio."""
    look = colours.look()
    plain = {name: number for name in ("ground", "sheet") if (number := getattr(colours, name))}
    pairs = [(role, "", number, name) for name, number in plain.items() for role in _WORDS]
    pairs += [(role, ground, _number(look.style(ground).bgcolor), ground) for ground in _GROUNDS for role in _WORDS]
    found = [
        (role, name, ratio(_ink(look, colours, ground, role), rgb(number))) for role, ground, number, name in pairs
    ]
    found += [("text", "field", ratio(rgb(colours.text), rgb(colours.field)))]
    found += [("example", "field", ratio(rgb(colours.raised_faint), rgb(colours.field)))]
    found += [("text", "field in focus", ratio(rgb(colours.text), rgb(colours.cursor)))]
    return [f"{role or 'text'} on {name}: {is_only:.2f}" for role, name, is_only in found if is_only < least]


def _ink(look: Look, colours: ThemeColours, ground: str, role: str) -> Triplet:
    ink = look.style(ground, role).color
    return rgb(_number(ink)) if ink is not None else rgb(colours.text)


def _number(colour: Color | None) -> int:
    assert colour is not None and colour.number is not None
    return colour.number


@pytest.mark.parametrize("colours", [dark.COLOURS, light.COLOURS, contrast.COLOURS], ids=lambda each: each.name)
def test_every_word_can_be_read_on_every_ground_it_stands_on(colours: ThemeColours) -> None:
    assert weak(colours, 7.0 if colours is contrast.COLOURS else 4.5) == []


@pytest.mark.parametrize("colours", [dark.COLOURS, light.COLOURS, contrast.COLOURS], ids=lambda each: each.name)
def test_the_frame_in_focus_and_the_row_of_the_cursor_can_be_told(colours: ThemeColours) -> None:
    assert ratio(rgb(colours.frame_on), rgb(colours.ground)) >= 3
    assert ratio(rgb(colours.frame_on), rgb(colours.sheet)) >= 3
    assert len({colours.ground, colours.cursor, colours.cursor_away}) == 3


@pytest.mark.parametrize(("look", "ground"), [(sixteen.DARK, (0, 0, 0)), (sixteen.LIGHT, (255, 255, 255))])
def test_words_in_the_terminals_own_colours_can_be_read(look: Look, ground: Triplet) -> None:
    inks = {role: look.roles[role].color for role in _WORDS}
    assert [role for role, ink in inks.items() if ink is not None and ratio(FIRST_16[ink.name], ground) < 4.5] == []


def test_no_theme_dims_and_one_has_no_colour_at_all() -> None:
    styles = [style for look in LOOKS.values() for style in (*look.roles.values(), *look.raised.values())]
    assert not any(style.dim for style in styles)
    assert not any(style.color or style.bgcolor for style in LOOKS["none"].roles.values())
