"""Letters that are drawn as they are typed, on a real terminal."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from tests.kit.fake_core import FakeCore
from tests.kit.screen import Screen, desk_process

LETTERS = [*"abcdefgh     ", "é", "東", "—", "𝄞"]
MOVES = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F"]
BACKSPACE = "\x7f"


def compose_pane(screen: Screen) -> list[list[object]]:
    """The cells of the frame and within; none while it is being drawn."""
    edges = [y for y, row in enumerate(screen.text.splitlines()) if "╭─" in row or "╰──" in row]
    return [screen.row(y) for y in range(edges[0], edges[1] + 1)] if len(edges) == 2 else []


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
            screen.wipe()
            os.kill(screen.process.pid, signal.SIGCONT)
            await screen.until(lambda: b"\x1b[2J" in screen.raw[before:], "the whole to be drawn again")  # noqa: B023
            await screen.until(lambda: compose_pane(screen) == drawn, "the same cells as before")  # noqa: B023
