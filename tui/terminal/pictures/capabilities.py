"""Which way of showing pictures a terminal knows. No I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

VARIABLE = "TEXTDESK_PICTURES"
"""The variable by which somebody says it whose terminal does not, or says it wrongly."""

QUERY = "\x1b[>0q\x1b[16t\x1b[c"
"""What is it called (XTVERSION), how large is a cell, what can it do (DA1)? Every terminal answers the last one."""

_SIXEL = 4  # among the attributes of DA1
_LARGEST_CELL = 200
_MULTIPLEXERS = ("TMUX", "STY", "ZELLIJ")


class PictureProtocol(StrEnum):
    BLOCKS = "blocks"
    SIXEL = "sixel"
    KITTY = "kitty"


@dataclass(frozen=True)
class TerminalCapabilities:
    """What a terminal has answered."""

    name: str = ""
    attributes: frozenset[int] = frozenset()
    cell: tuple[int, int] | None = None
    """Width and height in points."""


def forced_protocol(environ: Mapping[str, str]) -> PictureProtocol | None:
    """What is known without asking. Raises ValueError if the switch stands on something else than a way."""
    if switch := environ.get(VARIABLE):
        return PictureProtocol(switch)
    # A multiplexer answers for itself, and hands on no pictures unless it is told to.
    if any(environ.get(name) for name in _MULTIPLEXERS) or environ.get("TERM", "").startswith(("tmux", "screen")):
        return PictureProtocol.BLOCKS
    return None


def best_protocol(abilities: TerminalCapabilities) -> PictureProtocol:
    """Sixel first: WezTerm and Konsole know that well, and of kitty's protocol not the part we use."""
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
    """Points of a cell, from the window's rows, columns, width and height (0: not known) and from the answer.

    Nobody knows: that of the VT340, which others have taken over.
    """
    rows, columns, width, height = window
    for cell in ((width // max(1, columns), height // max(1, rows)), asked or (0, 0)):
        if all(2 <= points <= _LARGEST_CELL for points in cell):
            return cell
    return 10, 20
