from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore
from tui.model.emoji_search import matches, typed_name
from tui.terminal.emoji_names import emoji_by_name


def names(typed: str) -> list[str]:
    return [one.name for one in matches(emoji_by_name(), typed, 5)]


def test_a_name_is_found_by_its_beginning_a_word_and_at_last_by_its_letters() -> None:
    assert names("tada")[0] == "tada" and names("tad")[0] == "tada"
    assert "party_popper" in names("popper") and names("thmbsup")[0] == "thumbsup"
    assert names("qqqqq") == [] and len(names("")) == 5


@pytest.mark.parametrize(
    ("before", "at"),
    [("well :ta", 5), (":ta", 0), ("(:smi", 1), (":t", None), (":D", None), ("at 10:30", None), ("http://ab", None)],
)
def test_what_only_looks_like_a_name_asks_for_nothing(before: str, at: int | None) -> None:
    assert typed_name(before) == at


async def test_a_typed_name_offers_emoji_and_the_text_is_left_when_the_agent_leaves(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive("+15550101", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.press("a", "space", "colon", *"tada")
        await desk.shows("tada", "makes it UCS-2: 1 segment", "enter inserts · esc leaves")
        await desk.hides("enter send")
        await desk.press("escape")
        await desk.hides("makes it")
        await desk.shows("enter send")
        assert desk.app.main.compose_area.has_focus and desk.app.main.compose_area.text == "a :tada"
        await desk.press("ctrl+u", "colon", *"tad", "enter")
        await desk.shows("1 of 1,600", "“🎉” at 1")
        assert desk.app.main.compose_area.text == "🎉"
        await desk.press("f8", *"hear", "down", "up", "tab")
        assert desk.app.main.compose_area.text == "🎉❤️"
        await desk.press("enter")
        await desk.until(lambda: core.messages[-1].text == "🎉❤️", "the reply")
