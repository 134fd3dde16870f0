from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageChops, ImageDraw

from tests.kit.graphics import from_sixels
from tui.terminal.pictures.decode import PixelBudget, UndecodablePicture
from tui.terminal.pictures.sixel import MAX_PIXELS, sixel

ROOM = PixelBudget(60, 20, (8, 16))


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    picture.save(data, kind)
    return data.getvalue()


def decoded(rows: list[str]) -> Image.Image:
    """As it is seen; every pixel of it must have been drawn."""
    (body,) = re.findall(r"\x1bP(.*)\x1b\\", rows[-1])
    picture = from_sixels(body.encode())
    assert picture.getchannel("A").getextrema() == (255, 255)
    return picture.convert("RGB")


def furthest(one: Image.Image, other: Image.Image) -> int:
    """By how much a value of a colour is off at most."""
    return max(high for _, high in ImageChops.difference(one, other).getextrema())  # type: ignore[misc]


def few_colours(width: int, height: int) -> Image.Image:
    picture = Image.new("RGB", (width, height), (255, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((0, 0, width - 3, height - 2), (0, 128, 255))
    pen.line((0, 0, width, height), (255, 255, 255))
    pen.point((width - 1, height - 1), (0, 0, 0))
    return picture


@pytest.mark.parametrize("size", [(480, 320), (475, 320), (480, 313), (480, 7)])
def test_the_same_pixels_arrive(size: tuple[int, int]) -> None:
    picture = few_colours(*size)
    assert furthest(decoded(sixel(encoded(picture), PixelBudget(60, 20, (8, 16)))[0]), picture) <= 2  # of 100 shades


def test_a_photograph_has_256_colours() -> None:
    picture = Image.merge(
        "RGB", [Image.radial_gradient("L"), Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90)]
    )
    seen = decoded(sixel(encoded(picture), PixelBudget(32, 16, (8, 16)))[0])
    assert seen.size == picture.size == (256, 256)
    assert 64 < len(seen.getcolors(70000) or []) <= 256
    assert furthest(seen, picture) < 48


@pytest.mark.parametrize(
    ("size", "cells", "pixels"),
    [
        ((960, 480), (60, 15), (480, 240)),
        ((300, 600), (20, 20), (160, 320)),
        ((4, 4), (4, 2), (32, 32)),  # a point is as wide as a cell
        ((4000, 1), (60, 1), (480, 1)),
    ],
)
def test_it_fits(size: tuple[int, int], cells: tuple[int, int], pixels: tuple[int, int]) -> None:
    rows, columns = sixel(encoded(Image.new("RGB", size)), ROOM)
    assert (columns, len(rows)) == cells
    assert decoded(rows).size == pixels


def test_a_fine_screen_is_not_sent_more_than_the_most() -> None:
    rows, columns = sixel(encoded(Image.new("L", (4000, 2000))), PixelBudget(120, 40, (30, 60)))
    width, height = map(int, re.findall(r'"1;1;(\d+);(\d+)', rows[-1])[0])
    assert 0.99 * MAX_PIXELS < width * height < 1.01 * MAX_PIXELS
    assert (columns, len(rows)) == (-(-width // 30), -(-height // 60))


def test_the_rows_are_blank_and_the_last_one_draws_from_the_first() -> None:
    rows, columns = sixel(encoded(Image.new("RGB", (480, 160))), ROOM)
    assert (columns, len(rows)) == (60, 10)
    assert rows[:-1] == [" " * 60] * 9
    assert re.fullmatch(r"\x1b7 {60}\x1b8\x1b\[9A\x1bP[^\x1b]*\x1b\\\x1b8\x1b\[60C", rows[-1])
    one = sixel(encoded(Image.new("RGB", (480, 16))), ROOM)[0]
    assert re.fullmatch(r"\x1b7 {60}\x1b8\x1bP[^\x1b]*\x1b\\\x1b8\x1b\[60C", one[0])


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(UndecodablePicture):
        sixel(b"\x1b[2Jhello", ROOM)
