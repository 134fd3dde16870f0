"""Snoozing at the desk: the key, where the conversation is meanwhile, and how it comes back."""

from __future__ import annotations

from pathlib import Path

from connector.wire import events, requests
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

ONE, TWO = "+15550101", "+15550102"


async def test_it_leaves_the_list_for_one_of_its_own_and_comes_back_marked(core: FakeCore, tmp_path: Path) -> None:
    for consumer in (ONE, TWO):
        core.receive(consumer, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        assert "Snoozed" not in desk.text
        await desk.press("z")
        await desk.shows(f"Snooze {ONE} until when?", "answer: its due time stays, and alarms when it is back.")
        await desk.press("enter")
        await desk.shows("Write until when")
        await desk.type("2h")
        await desk.press("enter")
        await desk.shows(f"{ONE}: snoozed. u undoes it.", "▸Mine 1", "Snoozed 1")
        assert desk.app.desk.listing.needs == 1
        [asked_for] = asked(core, requests.Snooze)
        assert asked_for.until is not None and 7_000_000 < asked_for.until - core.now() < 7_201_000
        await desk.press("j")
        await desk.press("left")
        await desk.shows("▸Snoozed 1", "z  1h", "until ")
        core.change(conversation_of(core, ONE), events.SnoozeEnded, snoozed_until=None, back_from="snooze", unread=2)
        await desk.shows(f"{ONE} is back from its snooze.", "Mine 2")
        await desk.press("right")
        await desk.shows("▸Mine 2", " back ")
        assert desk.app.desk.listing.needs == 2 and "Snoozed" not in desk.text


async def test_undo_wakes_it_without_a_question_where_it_is_shown(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("z")
        await desk.type("17:30")
        await desk.press("enter")
        await desk.shows("snoozed until ")
        await desk.press("u")
        await desk.shows(f"{ONE}: as before.", "Mine 1")
        assert [one.until is None for one in asked(core, requests.Snooze)] == [False, True]


async def test_what_is_snoozed_is_kept_so_when_leaving(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    one = conversation_of(core, ONE)
    core.change(one, events.ConversationSnoozed, {"by": "ann"}, snoozed_until=core.now() + 7_200_000)
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("1 snoozed: ← shows them.")
        await desk.press("ctrl+q")
        await desk.shows("keep, snoozed")
