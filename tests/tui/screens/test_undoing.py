"""The undo key right behind the key that sends, before the core has answered; and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import LINE, FakeCore, asked, conversation_of, undo_s

ONE, TWO = "+15550101", "+15550102"

UNDONE = "Undone: it was not sent. The text is your draft again."


@pytest.fixture
def slow(core: FakeCore) -> FakeCore:
    """A core that answers no reply for now, with two conversations of Ann's."""
    undo_s(core, 60)
    for consumer in (ONE, TWO):
        core.receive(consumer, "hello", owner="ann")
    core.silent.add(requests.Reply)
    return core


async def answers(core: FakeCore, desk: DeskInHand) -> None:
    """The core answers what was asked."""
    await desk.until(lambda: asked(core, requests.Reply), "the reply")
    core.silent.clear()
    core.answer()


@pytest.mark.parametrize("keys", [("ctrl+t",), ("ctrl+t", "ctrl+t"), ("escape", "u")])
async def test_a_text_is_undone_as_soon_as_the_core_has_it(
    slow: FakeCore, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter", *keys)
        await desk.shows("It is undone as soon as the core has it.", "· to be undone")
        assert not asked(slow, requests.UndoReply)
        await answers(slow, desk)
        await desk.shows(UNDONE)
        assert desk.app.main.compose_area.text == "oops"
        assert slow.messages[-1].status == "withdrawn" and len(asked(slow, requests.UndoReply)) == 1


async def test_a_text_is_undone_from_the_next_conversation_before_the_core_has_it(
    slow: FakeCore, tmp_path: Path
) -> None:
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter", "ctrl+n")
        await desk.shows(f"reply to {TWO}", f"^t undo to {ONE}")
        await desk.press("ctrl+t")
        await desk.shows(f"The reply to {ONE} is not with the core yet. Press the key again to undo it.")
        await desk.press("ctrl+t")
        await desk.shows(f"The reply to {ONE} is undone as soon as the core has it.")
        await answers(slow, desk)
        await desk.shows(f"Undone: the reply to {ONE} was not sent. Its text is your draft there again.")
        assert desk.app.desk.model.compose.drafts[conversation_of(slow, ONE)] == "oops"


async def test_the_second_press_counts_though_the_core_answers_between_the_two(slow: FakeCore, tmp_path: Path) -> None:
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter", "ctrl+n", "ctrl+t")
        await desk.shows(f"The reply to {ONE} is not with the core yet.")
        await answers(slow, desk)
        await desk.until(lambda: not desk.app.desk.unanswered_texts(), "the answer")
        await desk.press("ctrl+t")
        await desk.shows(f"Undone: the reply to {ONE} was not sent.")


async def test_with_the_link_lost_it_is_undone_once_that_is_back(slow: FakeCore, tmp_path: Path) -> None:
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter")
        await desk.until(lambda: asked(slow, requests.Reply), "the reply")
        await slow.stop()
        await desk.shows("waits for the link")
        await desk.press("ctrl+t")
        await desk.shows("It is undone once the link is back, unless the core has it already and sends it before.")
        slow.silent.clear()
        await slow.start()
        await desk.shows(UNDONE)
        assert desk.app.main.compose_area.text == "oops"


async def test_a_reply_that_the_core_refuses_leaves_nothing_to_undo(slow: FakeCore, tmp_path: Path) -> None:
    slow.refuse[requests.Reply] = (RefusalCode.OPTED_OUT, "They have opted out.")
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter", "ctrl+t")
        await desk.shows("as soon as the core has it")
        await answers(slow, desk)
        await desk.shows("Not sent: They have opted out.")
        assert desk.app.main.compose_area.text == "oops" and not asked(slow, requests.UndoReply)
        await desk.press("ctrl+t")
        await desk.shows("There is nothing to undo")


async def test_what_has_left_by_the_time_of_the_answer_is_said_to_have_left(slow: FakeCore, tmp_path: Path) -> None:
    slow.refuse[requests.UndoReply] = (RefusalCode.TOO_LATE, "It is too late to undo.")
    async with desk_on(slow, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        await desk.press("enter", "ctrl+t")
        await answers(slow, desk)
        await desk.shows("It is too late to undo.")
        assert desk.app.main.compose_area.text == ""


async def test_a_first_text_is_undone_before_its_conversation_is_open(core: FakeCore, tmp_path: Path) -> None:
    undo_s(core, 60)
    core.lines = core.lines[:1]
    core.silent.add(requests.Start)
    async with desk_on(core, tmp_path) as desk:
        desk.app.desk.start(LINE, ONE)
        desk.app.main.go_to_conversation()
        await desk.shows("Your first text to")
        await desk.type("oops")
        await desk.press("enter", "ctrl+t")
        await desk.shows("It is undone as soon as the core has it.")
        await desk.until(lambda: asked(core, requests.Start), "the text")
        core.silent.clear()
        core.answer()
        await desk.shows(UNDONE)
        assert desk.app.main.compose_area.text == "oops"


@pytest.mark.parametrize("is_refused", [True, False])
async def test_what_was_said_of_a_text_that_was_not_sent_goes_with_the_next_send(
    core: FakeCore, tmp_path: Path, is_refused: bool
) -> None:
    undo_s(core, 60)
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("oops")
        if is_refused:
            core.refuse[requests.Reply] = (RefusalCode.ACCOUNT_OFF, "The account is off.")
            await desk.press("enter")
        else:
            await desk.press("enter", "ctrl+t")
        said = "Not sent: The account is off." if is_refused else "Undone: it was not sent."
        await desk.shows(said)
        core.refuse.clear()
        await desk.press("enter")
        await desk.hides(said)
        await desk.shows("  undo ")
