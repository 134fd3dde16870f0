"""What a desk writes to terminals that show pictures, and to those that do not."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from connector.wire import answers
from connector.wire.views import PictureView
from tests.kit.fake_core import FakeCore
from tests.kit.graphics import commands, from_png, from_sixels
from tests.kit.screen import FOOT, KITTY, PLAIN, SILENT, Kind, Screen, desk_process
from tui.terminal.pictures.kitty import NUMBERS

pytestmark = pytest.mark.slow

CONSUMER = "+15550101"
QUESTIONS = [b"\x1b[>0q", b"\x1b[16t", b"\x1b[c"]
FOOTER = "enter write  o picture  x close  s due  z snooze        ^p commands  F1 help"
PLACEHOLDER = "\U0010eeee"
SHADES = Image.merge(
    "RGB", [Image.linear_gradient("L"), Image.linear_gradient("L").rotate(90), Image.new("L", (256, 256))]
)


def encoded(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


def receive(core: FakeCore, *pictures: Image.Image) -> None:
    views = []
    for number, picture in enumerate(pictures, 1):
        data = encoded(picture)
        core.pictures[f"P{number}"] = answers.Picture("image/png", data)
        views.append(PictureView(f"P{number}", "image/png", "kept", len(data), None))
    core.receive(CONSUMER, "look at this", owner="ann", pictures=views)


@asynccontextmanager
async def at_transcript(core: FakeCore, state: Path, kind: Kind, **environ: str) -> AsyncIterator[Screen]:
    arguments = ("--socket", str(core.path), "--agent", "ann")
    environ = dict.fromkeys(("TMUX", "STY", "ZELLIJ"), "") | environ
    async with desk_process(*arguments, state=state, kind=kind, environ=environ) as desk:
        await desk.shows("linked", CONSUMER)
        desk.write(b"\r")
        await desk.shows("0 of 1,600")
        await desk.escape()
        # The last row to its end: what a read brings may end anywhere in a frame.
        await desk.shows("look at this", "[PNG picture", FOOTER)
        yield desk


def placeholders(desk: Screen) -> list[tuple[int, int, str]]:
    """The cells that hold one, and which row of the picture they name."""
    found = []
    for row in range(24):
        for column in range(80):
            if (text := desk.cell(row, column)).startswith(PLACEHOLDER):
                found.append((row, column, text[1:]))
    return found


def graphics(desk: Screen) -> list[bytes]:
    return [each.body for each in desk.strings]


class TestKitty:
    async def test_the_picture_is_sent_and_stands_in_its_cells_until_it_is_left(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, KITTY) as desk:
            before = desk.text
            desk.write(b"o")
            await desk.until(lambda: _shown(desk) is not None, "the picture")
            await desk.shows("Picture", "PNG picture")
            assert desk.asked == QUESTIONS
            ((keys, payload),) = commands(graphics(desk))
            assert from_png(payload).tobytes() == SHADES.tobytes()
            columns, rows = int(keys["c"]), int(keys["r"])
            assert abs(columns * 9 - rows * 18) < 18  # it is as wide as it is high
            cells = placeholders(desk)
            assert len(cells) == columns * rows and cells[0][1] == (80 - columns) // 2
            top, left, _ = cells[0]
            for row, column, number in cells:
                assert number == (NUMBERS[row - top] + NUMBERS[0] if column == left else "")
            assert "▀" not in desk.text
            await desk.escape()
            await desk.until(lambda: desk.text == before, "the transcript")
            await desk.until(lambda: _last(desk)[0]["a"] == "d", "the picture to be deleted")
            assert commands(graphics(desk))[1:] == [({"a": "d", "d": "I", "i": keys["i"], "q": "2"}, b"")]

    async def test_it_makes_room_for_a_dialog_and_comes_back(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, KITTY) as desk:
            desk.write(b"o")
            await desk.until(lambda: _shown(desk) is not None, "the picture")
            desk.write(b"s")
            await desk.shows("Save the picture")
            await desk.until(lambda: not placeholders(desk), "the picture to make room")
            await desk.escape()
            await desk.until(lambda: _shown(desk) is not None, "the picture again")
            sent = commands(graphics(desk))
            assert [keys["a"] for keys, _ in sent] == ["T", "d", "T"] and sent[0] == sent[2]

    async def test_another_size_and_another_picture_are_drawn_anew(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, Image.new("RGB", (300, 100), "red"), SHADES)
        async with at_transcript(core, tmp_path, KITTY) as desk:
            desk.write(b"o")
            await desk.until(lambda: _shown(desk) is not None, "the picture")
            desk.resize(40, 20)
            await desk.until(lambda: _shown(desk) == (34, 17), "it to fit")
            desk.write(b"\x1b[D")
            await desk.shows("1 of 2")
            await desk.until(lambda: _shown(desk) == (40, 7), "the other picture")
            assert from_png(_last(desk)[1]).getpixel((0, 0)) == (255, 0, 0)

    @pytest.mark.parametrize("end", [b"\x11\x11", signal.SIGTERM])
    async def test_it_is_taken_away_when_the_desk_ends(self, core: FakeCore, tmp_path: Path, end: bytes | int) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, KITTY) as desk:
            desk.write(b"o")
            await desk.until(lambda: _shown(desk) is not None, "the picture")
            if isinstance(end, bytes):
                desk.write(end)
            else:
                os.kill(desk.process.pid, end)
            await desk.ended()
            assert _last(desk)[0]["a"] == "d"


class TestSixel:
    async def test_the_picture_is_drawn_at_its_place_and_gone_when_it_is_left(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, FOOT) as desk:
            before = desk.text
            desk.write(b"o")
            await desk.until(lambda: bool(desk.strings), "the picture")
            assert desk.asked == QUESTIONS
            (sent,) = desk.strings
            seen = from_sixels(sent.body)
            columns, rows = -(-seen.width // 8), -(-seen.height // 16)
            assert sent.column == (80 - columns) // 2 and sent.row + rows < 23
            assert seen.height > 16 * (rows - 1) and abs(seen.width - seen.height) < 2
            off = ImageChops.difference(seen.convert("RGB"), SHADES.resize(seen.size))
            assert all(high < 48 for _, high in off.getextrema())  # type: ignore[misc]
            assert {desk.cell(row, column) for row in range(sent.row, sent.row + rows) for column in range(80)} == {" "}
            await desk.shows("Picture", "save")
            await desk.escape()
            await desk.until(lambda: desk.text == before, "the transcript")
            assert len(desk.strings) == 1
            assert desk.raw.rindex(b"\x1b[2J") > desk.raw.rindex(b"\x1bP0")

    async def test_it_makes_room_for_a_dialog_and_comes_back(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, FOOT) as desk:
            desk.write(b"o")
            await desk.until(lambda: bool(desk.strings), "the picture")
            desk.write(b"s")
            await desk.shows("Save the picture", "PNG picture")
            assert len(desk.strings) == 1
            await desk.escape()
            await desk.until(lambda: len(desk.strings) == 2, "the picture again")
            assert desk.strings[0] == desk.strings[1]

    async def test_what_happens_under_it_does_not_send_it_again(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, FOOT) as desk:
            desk.write(b"o")
            await desk.until(lambda: bool(desk.strings), "the picture")
            core.receive(CONSUMER, "another text", owner="ann")
            core.receive("+15550102", "somebody else", owner="ann")
            await desk.escape()
            await desk.shows("look at this", "another text")
            assert len(desk.strings) == 1

    async def test_another_size_and_another_picture_are_drawn_anew(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, Image.new("RGB", (300, 100), "red"), SHADES)
        async with at_transcript(core, tmp_path, FOOT) as desk:
            desk.write(b"o")
            await desk.until(lambda: bool(desk.strings), "the picture")
            desk.resize(30, 20, cell=(12, 24))
            await desk.until(lambda: from_sixels(desk.strings[-1].body).width == 360, "it to fit")
            assert len(desk.strings) == 2
            desk.write(b"\x1b[D")
            await desk.until(lambda: from_sixels(desk.strings[-1].body).size == (360, 120), "the other picture")
            assert desk.strings[-1].column == 0
            desk.write(b"\x0c")
            await desk.until(lambda: desk.strings[-1] == desk.strings[-2], "it to be drawn again")


class TestOthers:
    @pytest.mark.parametrize("kind", [PLAIN, SILENT])
    async def test_others_get_half_blocks(self, core: FakeCore, tmp_path: Path, kind: Kind) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, kind) as desk:
            desk.write(b"o")
            await desk.shows("▀▀▀▀")
            assert desk.strings == [] and desk.asked == QUESTIONS
            await desk.escape()
            await desk.shows("look at this")
            assert b"\x1b[2J" not in desk.raw.partition(QUESTIONS[0])[2]
            desk.write(b"o")
            await desk.shows("▀▀▀▀")
            assert desk.asked == QUESTIONS

    @pytest.mark.parametrize(
        "environ",
        [{"TERM": "tmux-256color"}, {"TMUX": "/tmp/tmux,1,0"}, {"NO_COLOR": "1"}, {"TEXTDESK_PICTURES": "blocks"}],
    )
    async def test_these_are_not_even_asked(self, core: FakeCore, tmp_path: Path, environ: dict[str, str]) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, KITTY, **environ) as desk:
            desk.write(b"o")
            await desk.shows("▀▀▀▀")
            assert desk.strings == [] and desk.asked == []

    @pytest.mark.parametrize(("way", "begins"), [("kitty", b"Ga=T"), ("sixel", b"0;1q")])
    async def test_the_variable_overrides_the_answer(
        self, core: FakeCore, tmp_path: Path, way: str, begins: bytes
    ) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, SILENT, TEXTDESK_PICTURES=way) as desk:
            desk.write(b"o")
            await desk.until(lambda: bool(desk.strings), "the picture")
            assert desk.strings[0].body.startswith(begins)

    async def test_in_tmux_it_is_wrapped(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, PLAIN, TEXTDESK_PICTURES="kitty", TMUX="/tmp/tmux,1,0") as desk:
            desk.write(b"o")
            await desk.until(lambda: len(placeholders(desk)) == 42 * 21, "the picture")
            inner = [each.removeprefix(b"tmux;").replace(b"\x1b\x1b", b"\x1b") for each in graphics(desk)]
            assert all(each.startswith(b"\x1b_G") and each.endswith(b"\x1b\\") for each in inner)
            assert from_png(commands(each[2:-2] for each in inner)[0][1]).tobytes() == SHADES.tobytes()


class TestAsking:
    async def test_a_switch_on_another_word_is_refused(self, tmp_path: Path) -> None:
        async with desk_process(state=tmp_path, environ={"TEXTDESK_PICTURES": "yes"}) as desk:
            assert await desk.ended() == 64
            assert "\ntextdesk: TEXTDESK_PICTURES can be blocks, sixel, kitty or nothing." in desk.text

    async def test_nothing_is_asked_before_the_first_picture(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, KITTY) as desk:
            assert desk.asked == []

    async def test_a_late_answer_is_no_text_and_changes_the_picture(self, core: FakeCore, tmp_path: Path) -> None:
        receive(core, SHADES)
        async with at_transcript(core, tmp_path, SILENT) as desk:
            desk.write(b"o")
            await desk.shows("▀▀▀▀")
            await desk.escape()
            await desk.shows("look at this")
            desk.write(b"i")
            desk.write(b"mine " + KITTY.name + KITTY.cell + b"and " + KITTY.attributes + b"yours")
            await desk.shows("mine and yours", "14 of 1,600")
            await desk.escape()
            await desk.shows("enter write")
            desk.write(b"o")
            await desk.until(lambda: _shown(desk) is not None, "the picture")
            assert desk.asked == QUESTIONS

    @pytest.mark.parametrize("kind", [KITTY, FOOT, PLAIN])
    async def test_what_is_typed_meanwhile_is_not_lost(self, core: FakeCore, tmp_path: Path, kind: Kind) -> None:
        receive(core, Image.effect_noise((1600, 1200), 90).convert("RGB"))
        async with at_transcript(core, tmp_path, kind) as desk:
            desk.write(b"o")
            await desk.shows("Picture")
            # An answer right behind the escape would make one sequence of both.
            await desk.until(lambda: desk.asked == QUESTIONS, "its questions")
            await desk.escape()
            await desk.shows("look at this", "enter write")  # a letter right behind the escape would belong to it
            desk.write(b"ia reply with every letter")
            await desk.shows("a reply with every letter", "25 of 1,600")


def _shown(desk: Screen) -> tuple[int, int] | None:
    """Columns and rows of the last picture, once all its cells are there."""
    keys, _ = _last(desk)
    size = int(keys.get("c", 0)), int(keys.get("r", 0))
    return size if size[0] and size[0] * size[1] == len(placeholders(desk)) else None


def _last(desk: Screen) -> tuple[dict[str, str], bytes]:
    bodies = graphics(desk)
    while bodies:
        try:
            return commands(bodies)[-1]
        except AssertionError:  # the last one is still on its way
            bodies.pop()
    return {}, b""
