"""Editing keys of the compose area, in any order."""

from __future__ import annotations

import random
from pathlib import Path

from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore

LINES = ["one", "a line that is longer than the pane is wide, " * 5, "", "می\u200cخواهم", "👩🏽\u200d🚀 here"]
KEYS = (
    *("ctrl+z", "ctrl+z", "ctrl+y", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+d", "backspace", "delete", "ctrl+j", "x"),
    *("up", "down", "left", "right", "home", "end", "shift+up", "shift+end", "pageup", "pagedown", "ctrl+left"),
)


async def test_the_keys_that_clear_a_line_take_all_of_it_however_it_is_wrapped(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter")
        await desk.paste("first\n" + "a line of many words " * 9 + "end")
        await desk.press("left", "left", "left", "ctrl+u")
        assert desk.app.main.compose_area.text == "first\nend"
        await desk.paste("a line of many words " * 9)
        await desk.press("up", "home", "ctrl+k")
        kept = desk.app.main.compose_area.text
        assert kept.startswith("first\na line") and "end" not in kept and len(kept) < 100


async def test_any_editing_keys_leave_a_cursor_in_the_text_and_in_sight(core: FakeCore, tmp_path: Path) -> None:
    chance = random.Random(3)
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        area = desk.app.main.compose_area
        await desk.until(lambda: area.has_focus, "the compose pane")
        for step in range(150):
            if step % 8 == 0:
                await desk.paste("\n".join(chance.choices(LINES, k=chance.randint(1, 24))))
            elif step % 50 == 49:
                await desk.resize(*chance.choice([(80, 24), (120, 36), (200, 50), (40, 12)]))
            else:
                await desk.press(chance.choice(KEYS))
            row, column = area.cursor_location
            assert row < area.document.line_count and column <= len(area.document.get_line(row))
            await desk.until(lambda: area.content_region.contains_point(area.cursor_screen_offset), "the cursor")
