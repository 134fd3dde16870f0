"""What is typed is what is sent: from the bytes of a terminal to what the core is asked for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from textual.message import Message
from textual.widgets import Input

from connector.sms.text import is_blank, without_end
from connector.wire import requests
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore
from tui.terminal.input.reader import InputReader
from tui.widgets.compose import ComposeArea

WORDS = [
    "half a tho",
    "👩🏽\u200d🚀",
    "می\u200cخواهم",
    "a\u200eb",
    "so\u00adft",
    "\U0001fae8",
    "x y",
    "\u202eabc",
    "1\ufe0f\u20e3",
]
NEW_LINES = ["\x1b\r", "\n", "one\rtwo\r", "\x1b[200~p\x1b[1mq\r\nr\t\u202e\u200d\x1b[201~"]
REPORTS = ["\x1b[?62;22c", "\x1b]10;rgb:00/00/00\x07", "\x1b[24;80R", "\x1b[O", "\x1b[I", "\x1b[8;24;80t"]


class Line:
    """Brings the bytes of a terminal to a desk, cut anywhere, by a clock of its own."""

    def __init__(self, desk: DeskInHand, chance: random.Random) -> None:
        self._desk, self._chance = desk, chance
        self._reader = InputReader()
        self._now = 100.0

    async def brings(self, text: str, *, pieces: int = 1) -> None:
        data = text.encode()
        cuts = sorted(self._chance.randrange(len(data) + 1) for _ in range(pieces - 1))
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            if start < end:
                self._post(self._reader.feed(data[start:end], self._now))
            self._now += 0.002
        self._now += 2.0  # nothing more comes
        for _ in range(3):
            self._post(self._reader.tick(self._now))
        await self._desk.press()

    def _post(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._desk.app.post_message(message)


def compose(desk: DeskInHand) -> ComposeArea:
    return desk.app.main.compose_area


def sent(core: FakeCore) -> list[str]:
    return [ask.body.text for ask in core.asked if isinstance(ask.body, requests.Reply)]


async def test_the_core_is_asked_to_send_what_the_compose_pane_held(core: FakeCore, tmp_path: Path) -> None:
    chance = random.Random(8)
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        line = Line(desk, chance)
        await line.brings("\r")
        await desk.until(lambda: desk.app.focused is compose(desk), "the compose pane")
        expected: list[str] = []
        for _ in range(6):
            for _ in range(chance.randint(1, 4)):
                await line.brings(chance.choice([*WORDS, *NEW_LINES, *REPORTS]), pieces=chance.randint(1, 4))
                assert sent(core) == expected
            held = compose(desk).text
            assert "\x1b" not in held and "\u202e" not in held
            if not is_blank(held):
                expected.append(without_end(held))
            await line.brings("\r")
            await desk.until(lambda: sent(core) == expected, f"{expected[-1:]} to be sent")
        assert any("\u200d" in text for text in expected) and any("\n" in text for text in expected)
        await line.brings("a👍" * 800 + "b")
        await line.brings("\r")
        await desk.shows("Too long by 1 ")
        assert sent(core) == expected and compose(desk).text == "a👍" * 800 + "b"
        await line.brings("\x7f\r")
        await desk.until(lambda: sent(core) == [*expected, "a👍" * 800], "1,600 characters to be sent")


async def test_enters_that_came_with_the_text_send_nothing_and_the_bar_says_so(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        line = Line(desk, random.Random(3))
        await line.brings("done\r\r")
        await desk.shows("Lines that come at once are a paste: nothing was sent. Press enter to send it.")
        assert sent(core) == [] and compose(desk).text == "done\n\n"
        await line.brings("\r")
        await desk.until(lambda: sent(core) == ["done"], "the text without its blank lines")
        await desk.hides("are a paste")


async def test_lines_that_arrive_together_accept_no_field_of_one_line(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        line = Line(desk, random.Random(3))
        await line.brings("m")
        await desk.until(lambda: isinstance(desk.app.focused, Input), "the field of the note")
        await line.brings("one\rtwo\r")
        await desk.shows("one two")
        assert not [ask for ask in core.asked if isinstance(ask.body, requests.WriteNote)]
        await line.brings("\x1b")
        await desk.until(lambda: not isinstance(desk.app.focused, Input), "the dialog to be left")
        await line.brings("/")
        field = desk.app.focused
        await line.brings("an\u200dn\rb\u202eo\rb\r")
        assert isinstance(field, Input) and desk.app.focused is field and field.value == "an\u200dn bo b"
        await line.brings("x\r")
        await desk.shows("Nothing in any list matches")
