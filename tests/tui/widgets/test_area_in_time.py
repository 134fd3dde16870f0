"""The compose area, which is not there until a conversation takes text."""

from __future__ import annotations

from pathlib import Path

from textual import events

from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore
from tui.widgets.conversation_pane import ConversationPane

ENTER, QUIT, X = events.Key("enter", "\r"), events.Key("ctrl+q", "\x11"), events.Key("X", "X")


def pane(desk: DeskInHand) -> ConversationPane:
    return desk.app.main.conversation_pane


async def at_bobs(desk: DeskInHand) -> None:
    """In the list of all, at a conversation of a colleague, which takes no text until it is opened."""
    await desk.press("right", "right")
    await desk.shows("▌")
    assert pane(desk).area is None


async def test_tab_leads_to_no_text_field_where_there_is_nothing_to_write(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path) as desk:
        await desk.press("tab")
        assert pane(desk).area is None
        assert desk.app.main.focused is not None


async def test_it_is_opened_with_its_frame(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="bob")
    async with desk_on(core, tmp_path) as desk:
        await at_bobs(desk)
        await desk.press("enter", "a", "b", "c")
        await desk.shows("╭─", "3 of 1,600", "╰─")
        assert pane(desk).text == "abc"


async def test_keys_behind_the_one_that_ends_the_desk_do_nothing(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="bob")
    async with desk_on(core, tmp_path) as desk:
        await at_bobs(desk)
        for key in (QUIT, ENTER, events.Key("slash", "/")):
            desk.app.post_message(key)
        await desk.until(lambda: desk.app.return_code is not None, "the end")
        assert desk.app.return_code == 0


async def test_a_letter_does_not_overtake_a_paste_or_a_click(core: FakeCore, tmp_path: Path) -> None:
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.until(lambda: pane(desk).is_writing, "the compose pane")
        for _ in range(3):
            desk.app.post_message(events.Paste("pasted "))
            desk.app.post_message(events.Key("x", "x"))
        await desk.until(lambda: len(pane(desk).text) == 24, "all of it")
        assert pane(desk).text == "pasted x" * 3
        x, y = desk.app.main.compose_area.content_region.offset
        for kind in (events.MouseDown, events.MouseUp):
            desk.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y))
        desk.app.post_message(X)
        await desk.until(lambda: "X" in pane(desk).text, "the letter")
        assert pane(desk).text == "X" + "pasted x" * 3
