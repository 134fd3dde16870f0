"""Whether a terminal shows hyperlinks (OSC 8), from its environment. No I/O.

Others take the sequence for nothing, or show it: it is sent to those only that are known to follow it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TERMS = ("alacritty", "contour", "foot", "wezterm", "xterm-ghostty", "xterm-kitty")
_PROGRAMS = ("WezTerm", "ghostty", "iTerm.app", "vscode")
_VTE, _TMUX = 5000, (3, 4)  # the versions 0.50, of 2017, and 3.4, of 2024


def are_shown(environ: Mapping[str, str]) -> bool:
    if environ.get("STY") or environ.get("ZELLIJ"):
        return False
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if environ.get("TMUX") or term.startswith(("screen", "tmux")):
        version = re.match(r"(?:next-)?(\d{1,3})\.(\d{1,3})", environ.get("TERM_PROGRAM_VERSION", ""))
        return program == "tmux" and version is not None and (int(version[1]), int(version[2])) >= _TMUX
    vte = environ.get("VTE_VERSION", "")
    return (
        term.startswith(_TERMS)
        or program in _PROGRAMS
        or (vte.isdecimal() and int(vte) >= _VTE)
        or bool(environ.get("WT_SESSION") or environ.get("KONSOLE_VERSION"))
    )
