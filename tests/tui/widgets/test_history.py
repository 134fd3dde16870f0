"""Scrolling back through years of messages, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

from connector.wire import events, requests
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import LINE, FakeCore, asked
from tests.kit.fake_world import FakeWorld

ONE = "+15550101"
COUNT = 240
STEP_MS = 4 * 86_400_000


def years_of(core: FakeWorld) -> None:
    """Nearly three years with a consumer, on two lines, in conversations that are closed, but for the last."""
    for number in range(COUNT):
        at, line = core.now() - (COUNT - number) * STEP_MS, LINE if number // 60 % 2 else "12345"
        one = core.receive(ONE, f"message {number}.", owner="ann", at=at, line=line).conversation_id
        if number % 20 == 19 and number < COUNT - 1:
            core.change(one, events.ConversationClosed, {"by": "ann"}, state="closed", closed_at=at)
            core.end(ONE, line)


def numbers(desk: DeskInHand) -> list[int]:
    """Of the messages in sight."""
    rows = [row.rpartition("│")[2] for row in desk.rows]
    return [int(row.partition("message ")[2].partition(".")[0]) for row in rows if row.startswith(" message ")]


def is_loading(desk: DeskInHand) -> bool:
    shown = desk.app.desk.model.transcript
    return shown is None or shown.is_loading


async def test_years_are_read_page_after_page_and_no_message_is_passed_by(core: FakeCore, tmp_path: Path) -> None:
    years_of(core)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter")
        await desk.shows(f"message {COUNT - 1}.")
        await desk.press("f3")
        seen = numbers(desk)
        while seen[0] > 0:
            await desk.press("pageup")
            found = numbers(desk)
            assert found == [*range(found[0], found[-1] + 1)]
            assert found[0] <= seen[0] <= found[-1] + 1, "what was read is in sight, or next to it"
            seen = [*found, *seen]
            if desk.app.main.transcript.top == 0:
                await desk.until(lambda: not is_loading(desk), "older messages")
        assert {*seen} == {*range(COUNT)}
        assert any(" 20" in row and "to 12345" in row for row in desk.rows), "the day with its year, and which line"
    pages = [one for one in asked(core, requests.GetHistory) if one.before is not None]
    assert len(pages) == len({one.before for one in pages}) == COUNT // 50


async def test_what_is_read_stays_where_it_is_while_older_ones_arrive(core: FakeCore, tmp_path: Path) -> None:
    years_of(core)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter")
        await desk.shows(f"message {COUNT - 1}.")
        core.silent.add(requests.GetHistory)
        await desk.press("f3", "g")
        await desk.shows("loading older messages…")
        await desk.press("down", "down", "down")
        before = desk.rows[4:-2]
        core.silent.clear()
        core.answer()
        await desk.until(lambda: not is_loading(desk), "the page")
        await desk.until(lambda: desk.app.main.transcript.top > 24, "them, above what is read")
        assert [row for row in desk.rows[4:-2] if "message" in row] == [row for row in before if "message" in row]
