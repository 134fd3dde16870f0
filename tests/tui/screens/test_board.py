"""The board, a colleague's list that is only looked at, and the end of a shift."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from connector.wire import events, requests
from connector.wire.board import HandOn, UndoHandOn
from connector.wire.refusals import RefusalCode
from connector.wire.views import AgentView
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

SMALL = (80, 24)
ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


def bens(core: FakeCore) -> str:
    """Ben has two, one of them overdue and unread; it is the lead who looks."""
    core.role = "lead"
    core.receive(ONE, "mine", owner="ann")
    core.receive(TWO, "with ben", owner="ben")
    core.receive(THREE, "this one is late", owner="ben")
    late = conversation_of(core, THREE)
    core.conversations[late] = replace(core.conversations[late], due_told="overdue")
    return late


async def test_a_colleagues_list_is_in_their_order_and_nothing_of_it_is_marked_as_read(
    core: FakeCore, tmp_path: Path
) -> None:
    late = bens(core)
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("▌ ben", "1 overdue")  # who needs a lead is first
        await desk.press("enter")
        await desk.shows("ben has 2 · you are looking", "with ben", "this one is late")
        assert desk.app.desk.listing.at(0) == late
        await desk.press("space")
        await desk.shows("nothing is marked here")
        await desk.press("g", "enter")
        await desk.shows("this one is late")
        await desk.press("m", *"Ask for the number", "enter")
        await desk.shows("Ask for the number")
        await desk.press("escape")
        core.receive(THREE, "and another", owner="ben")
        await desk.shows("ben has 2")
        assert asked(core, requests.MarkRead) == [] and core.conversations[late].unread == 2
        assert [one.conversation_id for one in asked(core, requests.WriteNote)] == [late]
        await desk.press("escape")
        await desk.shows("Team", "▌ ben")  # back on the board, where it was left
        await desk.press("escape")
        await desk.shows("▸Mine 1")


async def test_what_they_have_follows_while_it_is_looked_at(core: FakeCore, tmp_path: Path) -> None:
    late = bens(core)
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5", "enter")
        await desk.shows("ben has 2")
        core.agents["ben"] = replace(core.agents["ben"], presence="offline")
        core.tell(events.AgentChanged(core.agents["ben"]))
        core.change(late, events.ConversationQueued, state="queued", agent=None)
        await desk.shows("ben has 1")
        core.change(conversation_of(core, TWO), events.ConversationQueued, state="queued", agent=None)
        await desk.shows("ben has 0")
        await desk.press("escape")
        await desk.shows("○ offline")


async def test_of_two_leads_who_take_it_over_the_other_is_told_who_has_it(core: FakeCore, tmp_path: Path) -> None:
    late = bens(core)
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5", "enter")
        await desk.shows("ben has 2")
        core.refuse[requests.TakeOver] = (RefusalCode.NOT_OWNER, "Lea has it by now: look at it.")
        await desk.press("O")
        await desk.shows("ben has", "Press the key again to make it yours.")
        await desk.press("O")
        await desk.shows("Lea has it by now")
        assert [(one.conversation_id, one.owner) for one in asked(core, requests.TakeOver)] == [(late, "ben")]


async def test_a_shift_is_ended_once_what_stays_is_named_and_it_is_undone(core: FakeCore, tmp_path: Path) -> None:
    late = bens(core)
    core.stranded = [conversation_of(core, TWO)]
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("▌ ben", "E end shift")
        await desk.press("E")
        await desk.shows(
            "End the shift of ben: off duty, and 2 conversations go", "back to their queues", "to yourself"
        )
        await desk.press("enter")
        await desk.shows("1 handed on, 1 refused and still theirs: w says why. u undoes it.")
        assert asked(core, HandOn) == [HandOn("ben")]
        await desk.press("w")
        await desk.shows("1 was not handed on", "No other agent of support is online.")
        await desk.press("escape", "u")
        await desk.shows("Press u again.")
        await desk.press("u")
        await desk.shows("theirs again")
        assert asked(core, UndoHandOn) == [UndoHandOn("ben", [late])]


async def test_the_end_of_a_shift_without_conversations_is_undone_too(core: FakeCore, tmp_path: Path) -> None:
    core.role = "lead"
    core.agents["cem"] = AgentView("cem", "Cem", "online", 0, 4, "")
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("Cem")
        for _ in range(4):
            if "▌ Cem" not in desk.text:
                await desk.press("j")
        await desk.press("E")
        await desk.shows("End the shift of Cem")
        await desk.press("enter")
        await desk.shows("0 handed on. u undoes it.")
        await desk.press("u")
        await desk.shows("Undo the end of the shift? Press u again.")
        await desk.press("u")
        await desk.shows("The shift goes on.")
        assert asked(core, UndoHandOn) == [UndoHandOn("cem", [])]


async def test_who_is_named_in_the_note_and_does_not_see_all_of_it_is_said(core: FakeCore, tmp_path: Path) -> None:
    bens(core)
    core.not_told = ["cem"]
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("▌ ben")
        await desk.press("E", "tab", *"see below", "enter")
        await desk.shows("2 handed on. cem does not see all of them", "and does not get your", "u undoes it.")


async def test_who_is_off_duty_is_not_read_from_the_words_of_the_reason(core: FakeCore, tmp_path: Path) -> None:
    bens(core)
    core.agents["cem"] = AgentView("cem", "Cem", "away", 0, 4, "gone home", off_duty_by="lea")
    core.agents["dot"] = AgentView("dot", "Dot", "away", 0, 4, "off duty")
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("Cem", "Dot")
        for _ in range(4):
            if "▌ Cem" not in desk.text:
                await desk.press("j")
        await desk.press("E")
        await desk.shows("Cem is off duty already, and has nothing left to hand on.")


async def test_who_is_no_lead_may_look_and_end_only_their_own_shift(core: FakeCore, tmp_path: Path) -> None:
    bens(core)
    core.role = "agent"
    async with desk_on(core, tmp_path, size=SMALL) as desk:
        await desk.press("f5")
        await desk.shows("▌ ben")
        await desk.press("E")
        await desk.shows("Ending the shift of a colleague is for leads.")
        await desk.press("j", "E")
        await desk.shows("End the shift of ann: off duty, and 1 conversation goes")
        await desk.press("down", "enter")
        await desk.shows(f"{ONE}: handed on.")
        assert asked(core, HandOn) == [HandOn("ann", skill="support")]
