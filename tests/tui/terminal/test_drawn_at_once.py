"""Letters that are drawn as they are typed, on a real terminal."""

from __future__ import annotations

import os
import pty
import random
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static

from tests.kit.fake_core import FakeCore
from tests.kit.screen import Screen, desk_process
from tui.terminal.app import TerminalApp
from tui.terminal.output import TerminalOutput
from tui.terminal.text_area import CalmTextArea

LETTERS = [*"abcdefgh     ", "é", "東", "—", "𝄞"]
MOVES = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F"]
BACKSPACE = "\x7f"


def compose_pane(screen: Screen) -> list[list[object]]:
    """The cells of the frame and within; none while it is being drawn."""
    edges = [y for y, row in enumerate(screen.text.splitlines()) if "╭─" in row or "╰──" in row]
    return [screen.row(y) for y in range(edges[0], edges[1] + 1)] if len(edges) == 2 else []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_what_is_drawn_letter_by_letter_is_what_is_drawn_as_a_whole(
    core: FakeCore, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    core.receive("+15550101", "hello", owner="ann")
    arguments = ("--socket", str(core.path), "--agent", "ann")
    async with desk_process(*arguments, state=tmp_path, columns=(80, 100, 132)[seed], rows=30) as screen:
        await screen.shows("linked", "hello")
        await screen.enter()
        await screen.shows("0 of 1,600")
        length = 0
        for turn in range(6):
            for _ in range(40):
                kind = chance.random()
                if kind < 0.7:
                    await screen.type(chance.choice(LETTERS))
                    length += 1
                elif kind < 0.8:
                    await screen.type("x")
                    await screen.type(BACKSPACE)
                else:
                    await screen.type(chance.choice(MOVES))
            for letter in f"<{turn}>":
                await screen.type(letter)
            length += 3
            await screen.shows(f"<{turn}>", f" {length} of 1,600")
            drawn, before = compose_pane(screen), len(screen.raw)
            assert drawn
            screen.wipe()
            os.kill(screen.process.pid, signal.SIGCONT)
            await screen.until(lambda: b"\x1b[2J" in screen.raw[before:], "the whole to be drawn again")  # noqa: B023
            await screen.until(lambda: compose_pane(screen) == drawn, "the same cells as before")  # noqa: B023


class Area(CalmTextArea):
    """One that something may lie over."""


class Bench(TerminalApp):
    """Shows what is drawn at once."""

    CSS = """
    Screen { layers: below above; }
    Area { border: none; padding: 0; height: 3; scrollbar-size: 0 0; }
    #over { layer: above; width: 4; }
    """

    def __init__(self, output: TerminalOutput, *, is_covered: bool) -> None:
        super().__init__()
        self.drawn: list[bool] = []
        self._terminal = output
        self._is_covered = is_covered

    def compose(self) -> ComposeResult:
        yield Area()
        if self._is_covered:
            yield Static("over", id="over")

    async def on_ready(self) -> None:
        self.query_one(Area).focus()
        await self.release_keys()

    @property
    def _output(self) -> TerminalOutput:
        return self._terminal

    def key_pressed(self) -> None:
        pass

    def key_done(self, *, did_something: bool) -> None:
        pass

    def draw_at_once(self, widget: Widget, regions: Sequence[Region]) -> bool:
        self.drawn.append(super().draw_at_once(widget, regions))
        return self.drawn[-1]


@pytest.mark.parametrize("is_covered", [False, True])
async def test_a_letter_is_drawn_in_its_turn_unless_something_lies_over_it(*, is_covered: bool) -> None:
    ours, theirs = pty.openpty()
    output = TerminalOutput(theirs, lambda: None, lambda size: None)
    app = Bench(output, is_covered=is_covered)
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        app.drawn.clear()
        await pilot.press("a")
        assert app.drawn == [not is_covered]
    output.writer.stop()
    os.close(theirs)
    os.close(ours)
