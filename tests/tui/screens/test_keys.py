"""Counts, keys of the agent's own, and the mouse, at a whole desk."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore
from tui.core.settings import Preferences
from tui.model.key_names import KeySetting


async def click(desk: DeskInHand, words: str) -> None:
    """Click on the first cell of these words."""
    y, row = next((y, row) for y, row in enumerate(desk.rows) if words in row)
    await desk.click((row.index(words), y))


async def test_a_count_moves_so_often_and_a_click_on_a_list_or_a_key_is_the_key(core: FakeCore, tmp_path: Path) -> None:
    for number in range(1, 7):
        core.receive(f"+1555010{number}", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("▸Mine 6", "1 of 6")
        await desk.press("4")
        await desk.shows("4 times:", "G to row 4")
        await desk.press("j")
        await desk.shows("5 of 6")
        await desk.press("2", "G")
        await desk.shows("2 of 6")
        await desk.press("3", "escape", "j")
        await desk.shows("3 of 6")
        await click(desk, "Queue 0")
        await desk.shows("▸Queue 0", "The queue is empty.")
        await click(desk, "← Mine")
        await desk.shows("▸Mine 6")
        await click(desk, "F1 help")
        await desk.shows("Half a page up.")


async def test_a_count_moves_so_often_on_pages_as_well(core: FakeCore, tmp_path: Path) -> None:
    for number in range(1, 9):
        core.agents[f"bo{number}"] = replace(core.agents["ben"], id=f"bo{number}", name=f"Bo {number}")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("f5", "g")
        await desk.shows("Bo 8")
        first = next(number for number, row in enumerate(desk.rows) if "▌" in row)

        def row() -> int:
            return next(number for number, row in enumerate(desk.rows) if "▌" in row) - first

        await desk.press("3")
        await desk.shows("3 times:", "G to row 3")
        await desk.press("j")
        await desk.until(lambda: row() == 3, "the third below the first")
        await desk.hides("3 times:")
        await desk.press("2", "k")
        await desk.until(lambda: row() == 1, "two up")
        await desk.press("5", "G")
        await desk.until(lambda: row() == 4, "the fifth")
        await desk.press("4", "escape", "k")
        await desk.until(lambda: row() == 3, "one up: the number was dropped")
        await desk.press("escape", "f1", "5")  # 1 to 3 are its parts
        await desk.shows("5 times:")
        assert "to row" not in desk.text
        top = desk.rows[8]
        await desk.press("j")
        await desk.until(lambda: desk.rows[3] == top, "the page five lines further down")


async def test_keys_of_the_agent_s_own_work_and_are_named_and_what_cannot_be_used_is_said(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive("+15550101", "hello", owner="ann")
    settings = (KeySetting("close", ("E",)), KeySetting("next_need", ("x",)), KeySetting("note", ("ctrl+m",)))
    preferences = Preferences(keys=settings, file=tmp_path / "desk.toml")
    async with desk_on(core, tmp_path, preferences=preferences) as desk:
        await desk.shows("[keys] note: ctrl+m cannot be used: terminals send it as enter.")
        await desk.press("E")
        await desk.shows("waits for an answer. Press the key again to close all the same.")
        await desk.press("x")
        await desk.hides("Press the key again")
        await desk.press("escape")
        await desk.shows("E close")
