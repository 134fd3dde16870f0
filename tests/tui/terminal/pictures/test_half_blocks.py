from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image

from tui.terminal.pictures.decode import MAX_PIXELS, UndecodablePicture
from tui.terminal.pictures.half_blocks import half_blocks

RED, BLUE = (255, 0, 0), (0, 0, 255)


def encoded(picture: Image.Image, kind: str) -> bytes:
    data = io.BytesIO()
    picture.save(data, kind)
    return data.getvalue()


def header(width: int, height: int) -> bytes:
    """The beginning of a PNG that claims this size."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + b"\0\0\0\0IDAT"


def test_a_cell_is_two_pixels() -> None:
    picture = Image.new("RGB", (2, 3), RED)
    picture.putpixel((0, 1), BLUE)
    assert half_blocks(encoded(picture, "PNG"), 10, 10) == [[(RED, BLUE), (RED, RED)], [(RED, None), (RED, None)]]


@pytest.mark.parametrize(("size", "cells"), [((600, 300), (60, 15)), ((300, 600), (20, 20)), ((4, 4), (4, 2))])
def test_it_fits_keeps_its_shape_and_is_never_made_larger(size: tuple[int, int], cells: tuple[int, int]) -> None:
    rows = half_blocks(encoded(Image.new("RGB", size, RED), "PNG"), 60, 20)
    assert (len(rows[0]), len(rows)) == cells


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_every_kind_of_colours_can_be_shown(mode: str) -> None:
    rows = half_blocks(encoded(Image.new(mode, (40, 40)), "PNG"), 10, 10)
    assert rows[0][0] == ((0, 0, 0), (0, 0, 0))


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "WEBP"])
def test_the_kinds_that_come_with_messages_can_be_shown(kind: str) -> None:
    assert len(half_blocks(encoded(Image.new("RGB", (40, 40), RED), kind), 10, 10)) == 5


def test_what_is_see_through_stands_on_black() -> None:
    assert half_blocks(encoded(Image.new("RGBA", (1, 1), (255, 255, 255, 0)), "PNG"), 5, 5) == [[((0, 0, 0), None)]]


@pytest.mark.parametrize("size", [(4000, 3001), (9000, 8000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_what_it_claims(size: tuple[int, int]) -> None:
    with pytest.raises(UndecodablePicture, match="too many"):
        half_blocks(header(*size), 60, 20)


def test_the_largest_that_may_be_is_shown() -> None:
    assert MAX_PIXELS == 4000 * 3000
    assert half_blocks(encoded(Image.new("L", (4000, 3000)), "PNG"), 60, 20)


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\x89PNG\r\n\x1a\n", header(10, 10), encoded(Image.new("RGB", (9, 9)), "BMP"), b"GIF89a\0\0\0\0"],
)
def test_a_damaged_picture_or_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(UndecodablePicture):
        half_blocks(data, 60, 20)


def test_a_truncated_picture_is_refused() -> None:
    data = encoded(Image.effect_noise((200, 200), 60), "JPEG")
    with pytest.raises(UndecodablePicture, match="damaged"):
        half_blocks(data[: len(data) // 2], 60, 20)


def test_a_desk_starts_without_the_decoder() -> None:
    code = "import sys, tui.app; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
