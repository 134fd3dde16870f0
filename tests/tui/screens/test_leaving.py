"""Leaving the desk with conversations open, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import events, requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

ONE, TWO = "+15550101", "+15550102"
SMALL = (80, 24)


class TestLeaving:
    async def test_each_conversation_is_dealt_with_in_one_list(self, core: FakeCore, tmp_path: Path) -> None:
        core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
        core.receive(TWO, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("ctrl+q")
            await desk.shows("You have 2 conversations.", "1 closed, 1 given back.")
            await desk.press("escape")
            await desk.hides("You have 2")
            await desk.press("ctrl+q", "s")
            await desk.shows("What is kept is due", "1 closed, 1 kept.", "back to the list")
            await desk.press("end", "backspace", "5", "enter")  # text while it is written
            await desk.shows("tomorrow 9:05", "give back")
            await desk.press("escape")
            await desk.shows("would be lost. esc again")
            await desk.press("down", "b")  # the cursor stays where a choice was made
            await desk.shows("1 given back, 1 kept.")
            await desk.press("enter")
            await desk.until(lambda: desk.app.return_code == 0, "its end")
        [wish] = asked(core, requests.SignOff)
        assert isinstance(wish, requests.SignOff)
        assert {one.conversation_id: one.choice for one in wish.leaving} == {
            conversation_of(core, TWO): "due",
            conversation_of(core, ONE): "return",
        }
        assert all((one.due_at is not None) == (one.choice == "due") for one in wish.leaving)

    async def test_where_the_core_ends_with_the_desk_it_says_that_nothing_is_kept(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        for is_demo in (True, False):
            async with desk_on(core, tmp_path, size=SMALL, is_demo=is_demo) as desk:
                await desk.press("ctrl+q")
                await desk.shows("You have 1 conversation.", "quits anyway")
                assert ("This is the demo: it ends as you leave" in desk.text) is is_demo
                assert ("goes to others" in desk.text) is not is_demo

    async def test_all_alike_by_one_key_and_one_that_goes_meanwhile_is_left_out(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        for consumer in (ONE, TWO, "+15550103"):
            core.receive(consumer, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("ctrl+q", "down")
            await desk.shows("3 given back.")
            core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ben")
            await desk.shows("You have 2 conversations.", "2 given back.")
            await desk.press("x", "a")  # the cursor has stayed on the second, which is the first now
            await desk.shows("2 closed.")
            await desk.press("enter")
            await desk.until(lambda: desk.app.return_code == 0, "its end")
        [wish] = asked(core, requests.SignOff)
        assert isinstance(wish, requests.SignOff) and [one.choice for one in wish.leaving] == ["close", "close"]

    async def test_one_that_has_just_come_is_asked_about(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.screens.dialogs.sign_off._UNSEEN_MS", 3_600_000)  # a busy machine is slow
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("ctrl+q")
            await desk.shows("You have 1 conversation.")
            core.receive(TWO, "hello", owner="ann")
            await desk.shows("You have 2 conversations.", "give back to the queue", " new")
            await desk.press("enter")
            await desk.shows("+15550102 has just come")
            assert not asked(core, requests.SignOff)
            await desk.press("enter")
            await desk.until(lambda: desk.app.return_code == 0, "its end")

    async def test_a_refusal_is_shown_and_the_key_once_more_leaves(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.refuse[requests.SignOff] = (RefusalCode.LEFT_BEHIND, "One would be left behind.")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("ctrl+q", "enter")
            await desk.shows("One would be left behind.", "quits anyway")
            assert desk.app.return_code is None
            await desk.press("ctrl+q")
            await desk.until(lambda: desk.app.return_code == 0, "its end")

    async def test_without_a_core_the_key_leaves_at_once(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await core.stop()
            await desk.shows("link lost")
            await desk.press("ctrl+q")
            await desk.shows("The core cannot be reached now.")
            await desk.press("enter", "ctrl+q")
            await desk.until(lambda: desk.app.return_code == 0, "its end")
