"""Replies sent later, at the desk: the key, what the transcript shows, and how they come back."""

from __future__ import annotations

from pathlib import Path

from connector.wire import requests
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

ONE = "+15550101"


async def test_a_text_waits_in_the_transcript_and_undo_brings_it_back(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter", "f10")
        await desk.shows("There is nothing to send yet.")
        await desk.type("good morning")
        await desk.press("f10")
        await desk.shows(f"When is this to be sent to {ONE}?", "and is your draft again.")
        await desk.type("2h")
        await desk.press("enter")
        await desk.shows("(^t while writing) cancels it.", "to be sent ", "· ^t cancels", "sends ")
        [later] = asked(core, requests.ScheduleReply)
        assert later.text == "good morning" and later.seen == 1
        assert desk.app.main.compose_area.text == "" and desk.app.desk.listing.needs == 0
        await desk.press("escape")
        await desk.shows("· u cancels")
        await desk.press("i")
        await desk.shows("· ^t cancels")
        await desk.press("ctrl+t")
        await desk.shows("Cancelled: it is not sent.")
        await desk.until(lambda: desk.app.main.compose_area.text == "good morning", "the draft")
        await desk.hides("· ^t cancels")


async def test_what_is_held_back_is_said_and_is_the_draft_before_what_was_written_since(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.type("good morning")
        await desk.press("f10")
        await desk.type("tomorrow 9:00")
        await desk.press("enter")
        await desk.shows("· ^t cancels")
        await desk.press("escape", "x")
        await desk.shows(f"A reply to {ONE} waits to be sent: it is a draft again.")
        await desk.press("escape")
        core.end_scheduled(core.scheduled[0].id, "held_back", words="They have written since.")
        await desk.shows(
            f"Not sent to {ONE} at its moment: they have written since. Its text is your draft there again."
        )
        await desk.until(lambda: desk.app.desk.model.compose.drafts.get(conversation_of(core, ONE)), "the draft")


async def test_all_of_them_are_listed_and_one_is_gone_to(core: FakeCore, tmp_path: Path) -> None:
    for number in range(3):
        core.receive(f"+1555010{number}", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("G", "enter")
        await desk.type("later")
        await desk.press("f10")
        await desk.type("3h")
        await desk.press("enter")
        await desk.shows("· ^t cancels")
        there = desk.app.desk.model.shown
        await desk.press("escape", "escape", "g", "ctrl+p")
        await desk.type("sent later")
        await desk.press("enter")
        await desk.shows("Replies to be sent later", "later")
        await desk.press("enter")
        await desk.until(lambda: desk.app.desk.model.shown == there, "the conversation")
