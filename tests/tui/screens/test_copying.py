"""Copying with keys and mouse: what the terminal is given for its clipboard."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore

ONE = "+15550101"
LINK = "https://x.example/48213"
ASKED = "Where is my order 12-3456-X? " + "It was promised for Tuesday and 😀 I have waited for it since. " * 2


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written beside frames to a terminal that shows links and is no multiplexer's."""
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    found: list[str] = []
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver.write", lambda _, data: found.append(data))
    return found


def copied(written: list[str]) -> list[str]:
    begin, end = "\x1b]52;c;", "\x07"
    assert all(each.endswith(end) for each in written if each.startswith(begin))
    return [b64decode(each[len(begin) : -1]).decode() for each in written if each.startswith(begin)]


def place(desk: DeskInHand, words: str) -> tuple[int, int]:
    """Column and row of words in the right half of the screen."""
    y = max(y for y, row in enumerate(desk.rows) if words in row[45:])
    return desk.rows[y].index(words, 45), y


async def test_the_last_message_the_transcript_and_what_is_selected_are_copied_as_they_were_written(
    core: FakeCore, tmp_path: Path, written: list[str]
) -> None:
    core.receive(ONE, ASKED.strip())
    core.receive(ONE, LINK)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right")
        await desk.shows("order 12-3456-X")
        await desk.press("y")
        await desk.shows("Copied the text of", f"{len(LINK)} characters, if your terminal allows it.")
        await desk.press("T")
        await desk.shows("Copied the transcript, 2 messages, if")
        await desk.drag(place(desk, "my order"), place(desk, LINK))
        await desk.shows("^c copies what is selected.")
        await desk.press("ctrl+c")
        await desk.shows("Copied 1")
        await desk.click(place(desk, "3456"), times=2)
        await desk.press("ctrl+c")
        await desk.shows("Copied 9 characters")
        assert LINK in {segment.style.link for segment in desk.segments if segment.style}
        await desk.press("l", "1", "enter")
        await desk.shows(f"Copied {LINK}, if")
        last, transcript, several, word, listed = copied(written)
        assert (last, word, listed) == (LINK, "12-3456-X", LINK)
        assert transcript.startswith(ONE) and f"{ASKED.strip()}\n\n" in transcript
        assert several == f"{ASKED.strip().removeprefix('Where is ')}\nh"  # of https
        await desk.press("escape", "ctrl+c")
        await desk.shows("^q leaves the desk")
        assert len(copied(written)) == 5


async def test_a_click_where_no_text_is_does_nothing_and_leaves_the_mouse_to_others(
    core: FakeCore, tmp_path: Path
) -> None:
    async with desk_on(core, tmp_path, size=(160, 30)) as desk:
        for x in (100, 150):  # the transcript, and the panel of the person
            await desk.click((x, 5))
            assert desk.app.mouse_captured is None
        desk.app.capture_mouse(desk.app.main.transcript)  # a button is down as a key is pressed
        await desk.press("f1")
        assert desk.app.mouse_captured is None


async def test_what_was_typed_last_says_which_link_is_copied(
    core: FakeCore, tmp_path: Path, written: list[str]
) -> None:
    core.receive(ONE, f"{LINK} or https://y.example/")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right")
        await desk.shows(f"{LINK}[1]")  # in the transcript
        await desk.press("l", "down", "down")
        desk.app.screen.query_one(Input).value = "48213"
        await desk.app.screen.run_action("confirm")
        await desk.shows(f"Copied {LINK}, if")


async def test_a_draft_is_copied_and_cut_with_its_own_keys(core: FakeCore, tmp_path: Path, written: list[str]) -> None:
    core.receive(ONE, "hello")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right", "enter")
        await desk.type("ab cd")
        await desk.press("shift+left", "shift+left", "ctrl+c", "ctrl+x")
        await desk.until(lambda: desk.app.main.compose_area.text == "ab ", "the cut")
        await desk.until(lambda: copied(written) == ["cd", "cd"], "the copies")
