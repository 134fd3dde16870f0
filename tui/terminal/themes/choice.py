"""Which theme a desk has: by its settings, its terminal's abilities and the terminal's background."""

from __future__ import annotations

from collections.abc import Mapping

from tui.terminal.themes import bare, contrast, dark, light, sixteen
from tui.terminal.themes.look import Look
from tui.terminal.themes.names import AUTO, NAMES

LOOKS: dict[str, Look] = {
    look.theme.name: look for look in (dark.LOOK, light.LOOK, contrast.LOOK, sixteen.DARK, sixteen.LIGHT, bare.LOOK)
}
"""By the theme's name."""

# Kinds of terminals (TERM) with 256 colours whose names do not say so.
_KINDS_OF_256 = ("kitty", "ghostty", "foot", "wezterm", "alacritty", "contour", "rio", "iterm", "direct")
# They print what they are asked, or answer nothing.
_CANNOT_ANSWER = ("linux", "vt", "cons25", "dumb", "unknown")


def colours(environ: Mapping[str, str]) -> int:
    """How many colours the terminal shows: 16 or 256, by TERM and COLORTERM. More make no difference to a theme."""
    kind = environ.get("TERM", "").lower()
    has_many = bool(environ.get("COLORTERM")) or "256" in kind or any(each in kind for each in _KINDS_OF_256)
    return 256 if has_many else 16


def is_light_by_hint(environ: Mapping[str, str]) -> bool | None:
    """Whether COLORFGBG (rxvt, Konsole; `text;ground`, colours from 0 to 15) says that the ground is light."""
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not ground.isdecimal():
        return None
    return int(ground) in (7, *range(9, 16))


def is_light(red: float, green: float, blue: float) -> bool:
    """Whether dark text reads better on this ground (each from 0 to 1): its luminance (WCAG 2.2) is above 0.18."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18


def chosen(wanted: str, environ: Mapping[str, str], *, ground_is_light: bool | None = None) -> Look:
    """The look for a setting. NO_COLOR is stronger than it, and a terminal of 16 colours gets the nearest it can show.

    `ground_is_light`: as the terminal has answered; None while it has not.
    """
    if "NO_COLOR" in environ or wanted == bare.LOOK.theme.name:
        return bare.LOOK
    if wanted == AUTO:
        if ground_is_light is None:
            ground_is_light = is_light_by_hint(environ)
        wanted = light.LOOK.theme.name if ground_is_light else dark.LOOK.theme.name
    look = LOOKS[wanted]
    if colours(environ) < 256 and not look.theme.ansi:
        return sixteen.DARK if look.theme.dark else sixteen.LIGHT
    return look


def following(wanted: str, environ: Mapping[str, str], *, ground_is_light: bool | None = None) -> str:
    """The next setting, in the order of `names.NAMES`, that gives another look; the same one where none does."""
    look = chosen(wanted, environ, ground_is_light=ground_is_light)
    at = NAMES.index(wanted)
    around = (*NAMES[at + 1 :], *NAMES[:at])
    differing = (name for name in around if chosen(name, environ, ground_is_light=ground_is_light) is not look)
    return next(differing, wanted)


def can_be_asked(environ: Mapping[str, str]) -> bool:
    """Whether the terminal may be asked for its background (OSC 11): those that know no such question print it."""
    return not environ.get("TERM", "").lower().startswith(_CANNOT_ANSWER)
