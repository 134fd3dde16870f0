"""An agent finds at a second desk what they have written at the first."""

from __future__ import annotations

from pathlib import Path

from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore

CONSUMER = "+15550101"


async def test_a_second_desk_of_one_agent_finds_the_draft_of_the_first(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CONSUMER, "hello", owner="ann")
    async with desk_on(core, tmp_path / "one") as one, desk_on(core, tmp_path / "other") as other:
        await one.press("enter")
        await one.type("half a tho")
        await other.press("enter")
        await other.shows("half a tho")
        await other.type("ught")
        await one.shows("half a thought")
        await one.press("enter")
        await other.until(lambda: not core.drafts and not other.app.main.compose_area.text, "the draft to be gone")
        assert [message.text for message in core.messages] == ["hello", "half a thought"]


async def test_what_one_desk_sends_while_the_other_writes_on_is_sent_once(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CONSUMER, "hello", owner="ann")
    async with desk_on(core, tmp_path / "one") as one, desk_on(core, tmp_path / "other") as other:
        await one.press("enter")
        await one.type("We are on it.")
        await other.press("enter")
        await other.shows("We are on it.")
        await other.type(" Is that all?")
        await one.press("enter")
        await other.until(lambda: other.app.main.compose_area.text == "Is that all?", "the rest to be there")
        await one.until(lambda: one.app.main.compose_area.text == "Is that all?", "the rest to be here, too")
        assert [message.text for message in core.messages] == ["hello", "We are on it."]


async def test_where_both_desks_have_written_f9_joins_the_two(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CONSUMER, "hello", owner="ann")
    conversation_id = next(iter(core.conversations))
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("mine")
        core.save_draft(conversation_id, "from the other desk")
        await desk.shows("Another desk of yours has written something else here", "F9 other draft")
        assert desk.app.main.compose_area.text == "mine"
        await desk.press("f9")
        assert desk.app.main.compose_area.text == "from the other desk\nmine"
        await desk.until(lambda: core.drafts[conversation_id].text == "from the other desk\nmine", "both to be saved")
        assert "F9 other draft" not in desk.text


async def test_what_was_written_last_is_saved_when_the_desk_is_left(core: FakeCore, tmp_path: Path) -> None:
    core.receive(CONSUMER, "hello", owner="ann")
    async with desk_on(core, tmp_path / "one") as one:
        await one.press("enter")
        await one.type("one more th")
        one.app.leave(0)
    assert [draft.text for draft in core.drafts.values()] == ["one more th"]
