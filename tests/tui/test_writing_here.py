"""Who else is writing in the shown conversation, and what the desk tells of itself."""

from __future__ import annotations

from pathlib import Path

from connector.wire.frames import LookingAt
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, conversation_of

ONE, TWO = "+15550101", "+15550102"


async def test_a_colleague_who_is_writing_is_named_while_they_do(core: FakeCore, tmp_path: Path) -> None:
    for consumer in (ONE, TWO):
        core.receive(consumer, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("n")
        shown = desk.app.desk.model.shown
        assert shown is not None
        other = next(conversation_of(core, one) for one in (ONE, TWO) if conversation_of(core, one) != shown)
        core.tell_writing(other, "bob")
        core.tell_writing(shown, "bob")
        await desk.shows("bob is writing here")
        core.tell_writing(shown)
        await desk.hides("is writing here")


async def test_the_core_is_told_of_writing_at_once_and_of_its_end(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    here = conversation_of(core, ONE)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("n")
        await desk.until(lambda: core.looks == [LookingAt(here)], "where the desk is")
        await desk.type("yes")
        await desk.until(lambda: core.looks[1:] == [LookingAt(here, is_writing=True)], "that its agent is writing")
        await desk.press("enter")
        await desk.until(lambda: core.looks[2:] == [LookingAt(here)], "that they have stopped")
        await core.stop()
        await core.start()
        await desk.until(lambda: core.looks[3:] == [LookingAt(here)], "where the desk is, after another connection")


async def test_a_draft_is_thrown_away_and_brought_back_by_the_same_key(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    here = conversation_of(core, ONE)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter", "escape", "D")
        await desk.shows("Nothing is written here.")
        await desk.press("enter")
        await desk.type("no good")
        await desk.until(lambda: here in core.drafts, "the draft to be stored")
        await desk.press("escape", "D")
        await desk.shows("Your draft is thrown away. D brings it back.")
        await desk.until(lambda: here not in core.drafts, "it to be stored no more")
        assert desk.app.main.compose_area.text == ""
        await desk.press("D")
        await desk.shows("Your draft is back.")
        await desk.until(lambda: here in core.drafts and core.drafts[here].text == "no good", "it to be stored again")
        assert desk.app.main.compose_area.text == "no good"
