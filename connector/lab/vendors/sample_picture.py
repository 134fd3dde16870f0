"""Pictures of the simulated consumers."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256


def picture(media_sid: str) -> bytes:
    """A small PNG in two colours derived from the id."""
    colours = sha256(media_sid.encode()).digest()
    side = 64
    rows = b"".join(
        b"\0" + b"".join(colours[:3] if (x // 16 + y // 16) % 2 else colours[3:6] for x in range(side))
        for y in range(side)
    )
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
