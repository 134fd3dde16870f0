"""Conversations marked and dealt with at once: the keys, what they say, and what the core is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connector.wire import events, requests
from connector.wire.views import ConversationView, SkillTargetView
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

SMALL = (80, 24)
NUMBERS = [f"+155501{number:02}" for number in range(30)]


@pytest.fixture
def thirty(core: FakeCore) -> FakeCore:
    """A core with thirty of Ann's, three of them answered, all overdue but one."""
    for number, consumer in enumerate(NUMBERS):
        core.receive(consumer, "hello", owner="ann")
        due_told = "overdue" if number else ""
        core.conversations[conversation_of(core, consumer)] = _with(core, consumer, due_told=due_told)
    for consumer in NUMBERS[-3:]:
        core.conversations[conversation_of(core, consumer)] = _with(core, consumer, waiting_since=None)
    return core


def _with(core: FakeCore, consumer: str, **fields: Any) -> ConversationView:
    return replace(core.conversations[conversation_of(core, consumer)], **fields)


async def test_rows_line_up_while_there_are_marks_and_after(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path, size=SMALL) as desk:

        def columns() -> set[int]:
            return {row.index("+1555") for row in desk.rows if "+1555" in row}

        [before] = columns()
        await desk.press("space")
        await desk.until(lambda: columns() == {before + 2}, "a column for the marks in each row")
        await desk.press("escape")
        await desk.until(lambda: columns() == {before}, "the rows as they were")


async def test_the_letters_of_the_list_go_along_the_kinds(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path, size=SMALL) as desk:
        await desk.press("A")
        await desk.shows("▌ overdue: 29")
        await desk.press("j", "j", "k", "j")
        await desk.shows("▌ answered: 3")
        await desk.press("k", "enter")
        await desk.shows("marked")
        await desk.press("A", *"jjjjj", "enter")
        await desk.hides("marked")


async def test_thirty_are_closed_and_opened_again_with_a_few_keys(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path, size=SMALL) as desk:
        await desk.press("A", "enter")
        await desk.shows("29 marked", "all 29:  x close  b back  t transfer  # tag  esc none")
        await desk.press("x")
        await desk.shows("Close 29 conversations (26 wait for an answer)? Press x again.")
        await desk.press("x")
        await desk.shows("29 closed. u undoes it.")
        closed = asked(thirty, requests.Close)
        assert len(closed) == 29 == len({one.conversation_id for one in closed}) and all(one.is_final for one in closed)
        assert "marked" not in desk.text
        await desk.press("u")
        await desk.shows("Undo what was done with 29 conversations (closed)? Press u again.")
        await desk.press("u")
        await desk.shows("29 open again.")
        assert len(asked(thirty, requests.Reopen)) == 29
        await desk.press("u")
        await desk.shows("There is nothing to undo")


async def test_rows_are_marked_one_by_one_by_number_and_as_a_range(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path) as desk:
        await desk.press("space", "space")
        await desk.shows("2 marked")
        await desk.press("k", "space")  # takes the second mark away
        await desk.shows("1 marked")
        await desk.press("4", "space")
        await desk.shows("5 marked")
        await desk.press("5", "j", "V")
        await desk.shows("11 marked")
        rows = [line for line in desk.rows if "* +" in line]
        assert len(rows) >= 8
        await desk.press("escape")
        await desk.hides("11 marked")
        assert desk.app.main.focused is desk.app.main.conversation_list


async def test_what_cannot_be_is_listed_with_the_reason_and_stays_marked(core: FakeCore, tmp_path: Path) -> None:
    for consumer, owner in zip(NUMBERS[:4], ("ann", "ben", "ann", None), strict=True):
        core.receive(consumer, "hello", owner=owner)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("left")
        await desk.shows("▸All")
        await desk.until(lambda: len(desk.app.desk.listing) == 4, "all rows")
        await desk.press("g", "4", "space", "x")
        await desk.shows("Close 3 conversations (3 wait for an answer, 1 is not yours yet, 1 cannot be, and stays)?")
        await desk.press("x")
        await desk.shows("3 closed, 1 refused and still marked: w says why. u undoes it.", "1 marked")
        await desk.press("w")
        await desk.shows("1 was not closed", NUMBERS[1], "Only its owner can close a conversation: ben has this one.")
        await desk.press("escape", "u", "u")
        await desk.shows("3 open again.")
        assert [one.conversation_id for one in asked(core, requests.GiveBack)] == [conversation_of(core, NUMBERS[3])]


async def test_tags_a_transfer_and_a_due_time_are_asked_once_for_all(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path, size=SMALL) as desk:
        await desk.press("A", "enter", "number_sign")
        await desk.shows("Tags of 29 marked conversations")
        await desk.type("refund")
        await desk.shows("enter adds #refund")
        await desk.press("enter")
        await desk.shows("29 tagged. u undoes it.", "#refund")
        assert [one.add for one in asked(thirty, requests.SetTags)] == [["refund"]] * 29
        await desk.press("u", "u")
        await desk.shows("29 tagged as before.")
        assert asked(thirty, requests.SetTags)[-1].remove == ["refund"]

        await desk.press("A", "enter", "s")
        await desk.shows("When is an answer to 29 marked conversations due?")
        await desk.type("nonsense")
        await desk.press("enter")
        assert not asked(thirty, requests.SetDue)
        await desk.press("ctrl+u")
        await desk.type("2h")
        await desk.press("enter")
        await desk.shows("29 put off. u undoes it.")
        assert len(asked(thirty, requests.SetDue)) == 29


async def test_who_is_named_in_the_note_of_a_transfer_and_does_not_see_them_is_said_once(
    thirty: FakeCore, tmp_path: Path
) -> None:
    thirty.targets = replace(thirty.targets, skills=[SkillTargetView("support", True, 2, 3, 0, 0, "support", "free")])
    thirty.not_told = ["ben"]
    async with desk_on(thirty, tmp_path, size=SMALL) as desk:
        await desk.press("A", "enter", "t")
        await desk.shows("Transfer 29 marked conversations", "support")
        await desk.press("tab")
        await desk.type("see below")
        await desk.press("enter")
        await desk.shows(
            "29 transferred. ben does not see all of them", "does not get your note", "there. u undoes it."
        )
        assert desk.text.count("does not see") == 1


async def test_a_running_batch_is_stopped_by_undo(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path) as desk:
        thirty.silent.add(requests.Close)
        await desk.press("A", "enter", "x", "x")
        await desk.shows("closing 0 of 29")
        await desk.press("U")
        await desk.shows("Still closing 0 of 29: u stops it.")
        await desk.press("u")
        thirty.silent.clear()
        thirty.answer()
        await desk.shows("8 closed. Stopped: 21 are as they were.")
        assert len(asked(thirty, requests.Close)) == 8


async def test_a_marked_one_that_leaves_the_list_loses_its_mark_and_the_agent_is_told(
    thirty: FakeCore, tmp_path: Path
) -> None:
    async with desk_on(thirty, tmp_path) as desk:
        await desk.press("3", "space")
        gone = desk.app.desk.listing.at(1)
        assert gone in desk.app.desk.model.marks
        thirty.change(gone, events.ConversationTakenOver, {"by": "ben", "owner": "ann"}, agent="ben")
        await desk.shows("is no longer marked: ben has it.", "2 marked")


async def test_a_cut_line_repeats_no_request_of_a_batch(thirty: FakeCore, tmp_path: Path) -> None:
    async with desk_on(thirty, tmp_path) as desk:
        thirty.silent.add(requests.Close)
        await desk.press("A", "enter", "x", "x")
        await desk.shows("closing 0 of 29")
        await thirty.stop()
        await desk.shows("link lost")
        thirty.silent.clear()
        await thirty.start()
        await desk.shows("29 closed.")
        ids = {frame.id for frame in thirty.asked if isinstance(frame.body, requests.Close)}
        assert len(ids) == 29
