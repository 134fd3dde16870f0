"""What a terminal makes of the pictures it is sent: points again."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from collections.abc import Iterable

from PIL import Image

_SIXEL = re.compile(rb'"(\d+);(\d+);(\d+);(\d+)|#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])')


def from_sixels(body: bytes) -> Image.Image:
    """`body` is the string between ESC P and ESC backslash. What is not drawn is see-through."""
    head, mark, data = body.partition(b"q")
    assert mark and re.fullmatch(rb"[\d;]*", head)
    assert _SIXEL.sub(b"", data) == b""
    picture, colours, colour, x, y = Image.new("RGBA", (1, 1)), {}, 0, 0, 0
    for part in _SIXEL.finditer(data):
        _, _, width, height, number, *rgb, count, repeated, single, move = part.groups()
        if width:
            picture = Image.new("RGBA", (int(width), int(height)))
        elif number:
            colour = int(number)
            if rgb[0] is not None:
                assert all(0 <= int(value) <= 100 for value in rgb)
                colours[colour] = tuple(round(int(value) * 255 / 100) for value in rgb)
        elif move:
            x, y = 0, y + 6 * (move == b"-")
        else:
            bits = (repeated or single)[0] - 63
            run = range(x, x + int(count or 1))
            for point in ((across, y + down) for across in run for down in range(6) if bits >> down & 1):
                picture.putpixel(point, (*colours[colour], 255))
            x = run.stop
    return picture


def commands(bodies: Iterable[bytes]) -> list[tuple[dict[str, str], bytes]]:
    """Of kitty's protocol: the keys of each command, and its payload put together."""
    found: list[tuple[dict[str, str], bytes]] = []
    more = False
    for body in bodies:
        assert body.startswith(b"G")
        control, _, payload = body[1:].partition(b";")
        keys = dict(pair.split("=") for pair in control.decode().split(","))
        assert len(payload) <= 4096
        if more:
            assert keys.keys() <= {"m", "q"}
            found[-1] = found[-1][0], found[-1][1] + payload
        else:
            found.append((keys, payload))
        more = keys.get("m") == "1"
        assert not more or len(payload) % 4 == 0
    assert not more
    return found


def from_png(payload: bytes) -> Image.Image:
    """The picture of a command with f=100. It holds points and nothing else."""
    data = b64decode(payload, validate=True)
    assert re.findall(rb"[A-Z]{4}", data[12:16] + data[-8:-4]) == [b"IHDR", b"IEND"]
    at, chunks = 8, set()
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunks.add(data[at + 4 : at + 8])
        at += 12 + length
    assert chunks == {b"IHDR", b"IDAT", b"IEND"}
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
