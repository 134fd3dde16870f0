from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.kit.graphics import commands, from_png
from tui.terminal.pictures.decode import PixelBudget, UndecodablePicture
from tui.terminal.pictures.kitty import MAX_PIXELS, NUMBERS, delete_command, kitty

ROOM = PixelBudget(60, 20, (9, 18))
_STRING = re.compile(r"\x1b_(.*?)\x1b\\")


def encoded(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    data = io.BytesIO()
    picture.save(data, kind, **more)
    return data.getvalue()


def sent(rows: list[str]) -> tuple[dict[str, str], bytes]:
    (command,) = commands(body.encode() for body in _STRING.findall(rows[0]))
    return command


def test_the_same_pixels_arrive() -> None:
    picture = Image.effect_noise((200, 100), 60).convert("RGB")
    rows, columns = kitty(encoded(picture), ROOM, 0x010203)
    keys, payload = sent(rows)
    assert from_png(payload).tobytes() == picture.tobytes()
    assert keys | {"m": ""} == {
        "a": "T", "f": "100", "t": "d", "U": "1", "i": "66051", "c": "60", "r": "15", "q": "2", "m": "",
    }  # fmt: skip
    assert (columns, len(rows)) == (60, 15)


def test_every_row_of_cells_says_which_picture_and_which_row() -> None:
    rows, columns = kitty(encoded(Image.new("RGB", (40, 40))), ROOM, 0x010203)
    for number, row in enumerate(rows):
        text = _STRING.sub("", row)
        begins, ends = f"\x1b[38;2;1;2;3m\U0010eeee{NUMBERS[number]}\u0305", "\x1b[39m"
        assert text == begins + "\U0010eeee" * (columns - 1) + ends


def test_the_numbers_are_kitty_s() -> None:
    assert len(NUMBERS) == 297
    assert [NUMBERS[at] for at in (0, 1, 5, 100, 200, 296)] == [
        "\u0305",
        "\u030d",
        "\u033d",
        "\u07eb",
        "\u20d4",
        "\U0001d244",
    ]


@pytest.mark.parametrize(
    ("size", "cells", "pixels"),
    [
        ((600, 300), (60, 15), (540, 270)),  # as many as there are on the screen
        ((300, 600), (20, 20), (180, 360)),
        ((4, 4), (4, 2), (4, 4)),  # the terminal makes it larger
        ((4000, 1), (60, 1), (540, 1)),
    ],
)
def test_it_fits_and_has_no_pixels_more_than_it_came_with(
    size: tuple[int, int], cells: tuple[int, int], pixels: tuple[int, int]
) -> None:
    rows, columns = kitty(encoded(Image.new("RGB", size)), ROOM, 1)
    assert (columns, len(rows)) == cells
    assert from_png(sent(rows)[1]).size == pixels


def test_a_fine_screen_is_not_sent_more_than_the_most() -> None:
    rows, columns = kitty(encoded(Image.new("L", (4000, 2000))), PixelBudget(120, 40, (30, 60)), 1)
    width, height = from_png(sent(rows)[1]).size
    assert 0.99 * MAX_PIXELS < width * height < 1.01 * MAX_PIXELS
    assert (columns, len(rows)) == (120, 30)


def test_a_terminal_with_more_cells_than_there_are_numbers_gets_as_many_as_have_one() -> None:
    rows, columns = kitty(encoded(Image.new("L", (2000, 2000))), PixelBudget(700, 400, (4, 4)), 1)
    assert (columns, len(rows)) == (297, 297)


def test_metadata_is_not_passed_on() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "\x1b]0;EVIL\x07")
    picture = Image.new("RGB", (9, 9))
    exif = Image.Exif()
    exif[0x010E] = "EVIL"
    for data in (
        encoded(picture, pnginfo=notes, icc_profile=b"EVIL" * 40, exif=exif, dpi=(72, 72)),
        encoded(picture, "JPEG", comment=b"EVIL", icc_profile=b"EVIL" * 40, exif=exif),
    ):
        assert b"EVIL" in data
        from_png(sent(kitty(data, ROOM, 1)[0])[1])


def test_it_is_taken_away_with_its_memory() -> None:
    assert delete_command(7) == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"


def test_tmux_hands_it_on() -> None:
    data = encoded(Image.effect_noise((100, 100), 60))
    wrapped, plain = kitty(data, ROOM, 7, in_tmux=True)[0][0], kitty(data, ROOM, 7)[0][0]
    parts = re.findall(r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\", wrapped)
    assert len(parts) > 1
    assert "".join(part.replace("\x1b\x1b", "\x1b") for part in parts) == plain[: plain.rindex("\x1b\\") + 2]
    assert "\x1b_" not in wrapped.replace("\x1b\x1b", "")


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(UndecodablePicture):
        kitty(b"\x1b[2Jhello", ROOM, 1)
