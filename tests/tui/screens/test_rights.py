"""What an agent may see and do, at the desk: out of sight and back, other rights, colleagues' rows, masked texts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.wire import administration, events, requests
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore
from tui.model.state import LinkPhase

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


async def test_an_open_conversation_goes_out_of_sight_with_its_draft_and_comes_back(
    core: FakeCore, tmp_path: Path
) -> None:
    view = core.conversations[core.receive(ONE, "Where is my parcel?", owner="ann").conversation_id]
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        await desk.type("I looked")
        core.tell(events.ConversationHidden(view.id))
        await desk.shows("no longer yours to see", ONE, "belongs to colleagues", "Your draft is kept")
        assert "Where is my parcel?" not in desk.text
        await desk.type(" it")  # the next letters are text, as before
        await desk.shows("kept as a draft", "I looked it")
        core.change(view.id, events.ConversationAssigned)
        await desk.shows("Where is my parcel?", "I looked it", "It is in your sight again, with your draft.")
        await desk.press("enter")
        await desk.until(lambda: core.messages[-1].text == "I looked it", "the reply")


async def test_colleagues_conversations_are_a_number_until_they_are_listed(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "mine", owner="ann")
    core.receive(TWO, "with ben", owner="ben")
    core.receive(THREE, "was closed", owner="ben")
    core.change(core.messages[-1].conversation_id, events.ConversationClosed, state="closed", closed_at=core.now())
    core.silent = {requests.GetConversations}
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("▸Mine 1", "All ~3")
        await desk.press("left")
        await desk.shows("▸All ~3", "all: 1 of about 3, loading…")
        assert "with ben" not in desk.text
        await desk.press("f5")
        await desk.shows("ben", "1 of 4")
        await desk.press("escape", "slash", *"closed", "enter")
        await desk.shows("Nothing loaded so far matches")
        core.silent = set()
        core.answer()
        await desk.shows("was closed")
        await desk.press("escape")
        await desk.shows("▸All 3", "with ben", "was closed")
        assert "loading" not in desk.text
        await desk.press("right", "left")
        await desk.shows("▸All 3")
        assert sum(isinstance(one.body, requests.GetConversations) for one in core.asked) == 1


async def test_other_rights_mean_another_connection_at_once_and_no_alarm(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        phases: list[LinkPhase] = []
        told = desk.app.desk.link_changed

        def note(phase: LinkPhase, words: str) -> None:
            phases.append(phase)
            told(phase, words)

        monkeypatch.setattr(desk.app.desk, "link_changed", note)
        async with asyncio.timeout(60):
            await core.change_rights("fewer", "lead")
        await desk.shows("You are a lead now. Your rights have changed", "▸Mine 1", "linked")
        assert set(phases) == {LinkPhase.LINKED}


async def test_a_lead_reads_a_masked_text_in_a_dialog_and_nowhere_else(core: FakeCore, tmp_path: Path) -> None:
    message = core.receive(ONE, "card ████ ████ ████ 4242", owner="ann")
    core._replace(replace(message, masked=["card"]))
    core.role = "lead"
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter")
        await desk.shows("card •••• •••• •••• 4242", "card number masked")
        await desk.press("escape", "M")
        await desk.shows("Read what is masked, to or from", "Card number masked", "The audit records")
        assert not any(isinstance(one.body, administration.Unmask) for one in core.asked)
        await desk.press("enter")
        await desk.shows("As it was written", f"clear text of {message.id}")
        await desk.press("enter")
        await desk.hides("clear text")
        assert not desk.app.desk.model.fetched.unmasked
        core.role = "agent"
        await core.change_rights("", "agent")
        await desk.shows("You are an agent now.")
        await desk.press("M")
        await desk.shows("This is for leads; you are an agent.")
        assert "M unmask" not in desk.text
