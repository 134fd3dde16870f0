"""The bytes that have a terminal put a text into its clipboard (xterm control sequences, OSC 52). No I/O."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

MOST_BYTES = 74_994
"""Of a text: in base64 some 100,000, which is the limit of hterm, and about that of others."""
_CHUNK = 250  # bytes; GNU screen before 4.2 takes 256 in one string, and later ones 768


def sequence(text: str, environ: Mapping[str, str]) -> str:
    """GNU screen gives on to its terminal what is in device control strings, and knows no clipboard before its version
    5."""
    plain = f"\x1b]52;c;{b64encode(text.encode(errors='replace')).decode()}\x07"
    if not environ.get("STY"):
        return plain
    return "".join(f"\x1bP{plain[at : at + _CHUNK]}\x1b\\" for at in range(0, len(plain), _CHUNK))
