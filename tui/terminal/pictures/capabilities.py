"""The picture protocol to use in a terminal, from its environment and its answers. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

VARIABLE = "TEXTDESK_PICTURES"
"""The environment variable that overrides what the terminal answers."""

QUERY = "\x1b[>0q\x1b[16t\x1b[c"
"""Asks for name (XTVERSION), cell size and attributes (DA1). Every terminal answers the last one."""

_SIXEL = 4  # among the attributes of DA1
_LARGEST_CELL = 200
_MULTIPLEXERS = ("TMUX", "STY", "ZELLIJ")


class PictureProtocol(StrEnum):
    BLOCKS = "blocks"
    SIXEL = "sixel"
    KITTY = "kitty"


class TerminalCapabilities(Struct, frozen=True):
    """A terminal's answers."""

    name: str = ""
    attributes: frozenset[int] = frozenset()
    cell: tuple[int, int] | None = None
    """Width and height in pixels."""


def forced_protocol(environ: Mapping[str, str]) -> PictureProtocol | None:
    """The protocol that is known without asking. Raises ValueError for an unknown one in `VARIABLE`."""
    if name := environ.get(VARIABLE):
        return PictureProtocol(name)
    # A multiplexer answers for itself, and passes no pictures on unless it is configured to.
    if any(environ.get(name) for name in _MULTIPLEXERS) or environ.get("TERM", "").startswith(("tmux", "screen")):
        return PictureProtocol.BLOCKS
    return None


def best_protocol(abilities: TerminalCapabilities) -> PictureProtocol:
    """Sixel first: WezTerm and Konsole support it well, but not the part of kitty's protocol that we use."""
    if abilities.name.startswith("tmux"):
        return PictureProtocol.BLOCKS
    if _SIXEL in abilities.attributes:
        return PictureProtocol.SIXEL
    # Placeholders came with kitty 0.28, in 2023; Ghostty has always had them.
    version = re.match(r"kitty\((\d+)\.(\d+)", abilities.name)
    if version and (int(version[1]), int(version[2])) >= (0, 28):
        return PictureProtocol.KITTY
    return PictureProtocol.KITTY if abilities.name.startswith("ghostty ") else PictureProtocol.BLOCKS


def cell_size(window: tuple[int, int, int, int], asked: tuple[int, int] | None) -> tuple[int, int]:
    """Pixels of a cell, from the window's rows, columns, width and height (0: unknown), else from the answer.

    Without either: the size of the VT340, which other terminals have adopted.
    """
    rows, columns, width, height = window
    for cell in ((width // max(1, columns), height // max(1, rows)), asked or (0, 0)):
        if all(2 <= pixels <= _LARGEST_CELL for pixels in cell):
            return cell
    return 10, 20
