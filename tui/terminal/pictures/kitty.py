"""A picture in kitty's graphics protocol: sent once, and shown wherever its placeholders stand.

Placeholders are text: text written over them removes the picture.
https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
"""

from __future__ import annotations

import io
from base64 import b64encode

from tui.terminal.pictures.decode import PixelBudget, decode

MAX_PIXELS = 1_000_000
"""Of a picture that is sent, some 1.3 MB for a photograph; the terminal stretches it over its cells."""

_CHUNK = 4096
_PLACEHOLDER = "\U0010eeee"
# Numbers as diacritics, from kitty's rowcolumn-diacritics.txt. A cell without one follows the cell before it.
_DIACRITICS = """
305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 5A8-5A9 5AB-5AC 5AF 5C4
610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 735-736 73A 73D 73F-741 743 745 747 749-74A
7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 F82-F83 F86-F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B
1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1
20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1
FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244
"""


def _listed(text: str) -> list[str]:
    ends = [[int(end, 16) for end in part.split("-")] for part in text.split()]
    return [chr(code) for part in ends for code in range(part[0], part[-1] + 1)]


NUMBERS = _listed(_DIACRITICS)


def kitty(data: bytes, room: PixelBudget, number: int, *, in_tmux: bool = False) -> tuple[list[str], int]:
    """The bytes that draw each row of cells, and how many columns they take. Raises UndecodablePicture.

    `number` (1 to 2²⁴-1) is the picture's id in the terminal; another one with the same id replaces it.
    """
    within = room._replace(columns=min(room.columns, len(NUMBERS)), rows=min(room.rows, len(NUMBERS)))
    picture, taken = decode(data, within, MAX_PIXELS, may_grow=False)
    png = io.BytesIO()
    picture.save(png, "PNG")
    payload = b64encode(png.getvalue()).decode()
    chunks = [payload[at : at + _CHUNK] for at in range(0, len(payload), _CHUNK)]
    first = f"a=T,f=100,t=d,U=1,i={number},c={taken.columns},r={taken.rows},"
    sent = "".join(
        _command(f"{first if not at else ''}q=2,m={int(at + 1 < len(chunks))};{chunk}", in_tmux)
        for at, chunk in enumerate(chunks)
    )
    colour = f"\x1b[38;2;{number >> 16};{number >> 8 & 255};{number & 255}m"  # the id, as a colour
    rows = [
        f"{colour}{_PLACEHOLDER}{NUMBERS[row]}{NUMBERS[0]}{_PLACEHOLDER * (taken.columns - 1)}\x1b[39m"
        for row in range(taken.rows)
    ]
    return [sent + rows[0], *rows[1:]], taken.columns


def delete_command(number: int, *, in_tmux: bool = False) -> str:
    """The command that removes a picture and frees its memory."""
    return _command(f"a=d,d=I,i={number},q=2", in_tmux)


def _command(text: str, in_tmux: bool) -> str:
    command = f"\x1b_G{text}\x1b\\"
    # tmux passes on only what is wrapped like this, and only with `allow-passthrough on`.
    return "\x1bPtmux;" + command.replace("\x1b", "\x1b\x1b") + "\x1b\\" if in_tmux else command
