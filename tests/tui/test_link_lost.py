"""A desk whose core is away, comes back or refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import events, requests
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tui.core import heard

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


def focused(desk: DeskInHand) -> str | None:
    return desk.app.screen.focused.id if desk.app.screen.focused else None


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that soon takes a core for silent."""
    monkeypatch.setattr(heard, "_QUIET_S", 0.02)
    monkeypatch.setattr(heard, "_ANSWER_S", 0.2)


class TestHungCore:
    async def test_it_is_said_until_the_core_answers_and_replies_wait_for_it(
        self, core: FakeCore, tmp_path: Path, impatient: None
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            core.hang()
            await desk.shows("✗ the core does not answer")
            await desk.type("later")
            await desk.press("enter")
            await desk.shows("waits for the core")
            await desk.type("half a wo")
            core.go_on()
            await desk.shows("linked", "· to be sent")
            await desk.hides("does not answer")
            assert len(asked(core, requests.Reply)) == 1
            assert desk.app.main.compose_area.text == "half a wo"

    async def test_after_long_the_connection_is_given_up_for_another(
        self, core: FakeCore, tmp_path: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(heard, "_GIVE_UP_S", 0.2)
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            core.hang()
            await desk.shows("link lost, reconnecting")
            await desk.shows("linked")


class TestLink:
    @pytest.mark.slow
    async def test_it_lives_through_the_death_of_the_core_and_says_what_it_caught_up(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("half a wo")
            await desk.until(lambda: not desk.app.desk.model.pending, "the answers")
            await desk.until(lambda: desk.app.desk.model.connection.position == core.position, "all that happened")
            await core.stop()
            await desk.shows("✗ link lost, reconnecting")
            await desk.type("rd")
            core.receive(ONE, "are you there?", owner="ann")
            core.receive(TWO, "me too", owner="ann")
            await core.start()
            await desk.shows("linked", "back: 2 events caught up. While you were gone (", "1 came, 1 more is yours.")
            await desk.shows("are you there?", "me too")
            assert desk.app.main.compose_area.text == "half a word"
            earlier = desk.app.desk.model.notices.current
            await core.stop()
            await desk.shows("link lost")
            await core.start()
            await desk.until(lambda: desk.app.desk.model.notices.current is not earlier, "another notice")
            notice = desk.app.desk.model.notices.current
            # What the desk itself asked for just before may have happened meanwhile.
            assert notice is not None and notice.words.startswith("back: ")
            await desk.shows("linked", notice.words)

    async def test_another_store_or_a_lost_tail_starts_it_afresh(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.shows("hello")
            await core.stop()
            core.receive(ONE, "missed", owner="ann")
            core.change(conversation_of(core, ONE), events.Overdue, due_told="overdue", due_at=core.now())
            core.floor = core.position
            core.facts.clear()
            await core.start()
            await desk.shows("back: started afresh from a snapshot. While", "1 became overdue.")
            await desk.until(lambda: desk.text.count("missed") == 2, "it in the row and in the transcript")

    async def test_a_reply_without_a_link_waits_and_goes_out_once(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await core.stop()
            await desk.shows("link lost")
            await desk.type("later")
            await desk.press("enter")
            await desk.shows("waits for the link")
            await core.start()
            await desk.shows("· to be sent")
            assert len(asked(core, requests.Reply)) == 1

    async def test_an_answer_that_never_came_is_asked_for_again_with_the_same_id(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.silent.add(requests.Reply)
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("hi")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
        core.silent.clear()
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.shows("hi", "· to be sent")
        replies = [request for request in core.asked if isinstance(request.body, requests.Reply)]
        assert len(replies) == 2 and len({request.id for request in replies}) == 1
        assert sum(message.text == "hi" for message in core.messages) == 1
        async with desk_on(core, tmp_path):
            pass
        assert len(asked(core, requests.Reply)) == 2

    async def test_drafts_are_there_again_after_a_restart(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("not yet")
            await desk.press("ctrl+q", "ctrl+q")
        async with desk_on(core, tmp_path) as desk:
            await desk.shows(" draft ", "hello")
            await desk.press("enter")
            await desk.shows("7 of 1,600")
            assert desk.app.main.compose_area.text == "not yet"

    async def test_waiting_is_reckoned_by_the_core_s_clock(self, short_path: Path, tmp_path: Path) -> None:
        async with FakeCore(short_path / "s", clock_ahead=3_600_000) as core:
            core.receive(ONE, "hello", owner="ann", at=core.now() - 240_000)
            async with desk_on(core, tmp_path) as desk:
                await desk.shows("4m")
