"""How a terminal calls somebody who does not look at it: by its bell, by a notification of the desktop (OSC 9, OSC 777)
and by the title of its window (OSC 2). No I/O.

Terminals that know no notification take the sequence for nothing, or show it: by default it is sent to those only that
are known to follow it. What is in it are numbers and our own words, and nothing that acts on the terminal.
"""

from __future__ import annotations

from collections.abc import Mapping

BELL, OFF, OSC_9, OSC_777 = "bell", "off", "osc9", "osc777"

RESTORE_TITLE = "\x1b]2;\x07\x1b[23;2t"
"""The title as it was (XTWINOPS 23), or none where the terminal has not stored it."""

_STORE_TITLE = "\x1b[22;2t"
_OSC_9_TERMS, _OSC_9_PROGRAMS = ("xterm-kitty", "xterm-ghostty", "wezterm"), ("iTerm.app", "WezTerm", "ghostty")
_OSC_777_TERMS = ("foot", "contour")
# Some print what stands in the sequence.
_WITHOUT_TITLE = ("linux", "vt", "cons25", "dumb", "unknown")
_MOST_WORDS = 80


def way(wanted: str, environ: Mapping[str, str]) -> str:
    """`bell`, `off`, `osc9` or `osc777`: as the agent wants it, else (`auto`) what the terminal is known for.

    A multiplexer hides which terminal it is on, and its own bell is what it tells of.
    """
    if wanted != "auto":
        return wanted
    if any(environ.get(name) for name in ("TMUX", "STY", "ZELLIJ")):
        return BELL
    term = environ.get("TERM", "")
    if term.startswith(_OSC_9_TERMS) or environ.get("TERM_PROGRAM") in _OSC_9_PROGRAMS:
        return OSC_9
    return OSC_777 if term.startswith(_OSC_777_TERMS) else BELL


def notification(how: str, words: str, environ: Mapping[str, str]) -> str:
    """Has the desktop show these words; `how`: `osc9` or `osc777`.

    Through tmux it takes `allow-passthrough on`; GNU screen gives on what is in a device control string.
    """
    plain = _plain(words)
    # ConEmu and Windows Terminal take a number at the beginning of OSC 9 for a command.
    told = f"9;Textdesk: {plain}" if how == OSC_9 else f"777;notify;Textdesk;{plain}"
    if environ.get("TMUX"):
        return f"\x1bPtmux;\x1b\x1b]{told}\x1b\x1b\\\x1b\\"
    if environ.get("STY"):
        return f"\x1bP\x1b]{told}\x07\x1b\\"
    return f"\x1b]{told}\x1b\\"


def sets_title(wanted: bool | None, environ: Mapping[str, str]) -> bool:
    """Whether the window's title is set: as the agent wants it, else where the terminal is known to have one."""
    if wanted is not None:
        return wanted
    return not environ.get("STY") and not environ.get("TERM", "dumb").startswith(_WITHOUT_TITLE)


def title(words: str, *, is_first: bool) -> str:
    """Sets the title; the first time after it has been stored."""
    return f"{_STORE_TITLE if is_first else ''}\x1b]2;{_plain(words)}\x07"


def _plain(words: str) -> str:
    return "".join(char for char in words if char.isprintable() and char != ";")[:_MOST_WORDS]
