"""Actions on conversations by their keys, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import AgentTargetView, ScorePartView, SkillTargetView, VerdictView
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of, undo_s

ONE, TWO = "+15550101", "+15550102"
SMALL = (80, 24)


def rings(core: FakeCore, consumer: str = ONE, *, handed_by: str | None = None, for_s: int = 60) -> None:
    core.receive(consumer, "Is anybody there?")
    until = core.now() + for_s * 1000
    core.change(
        conversation_of(core, consumer),
        events.ConversationRang,
        state="ringing",
        rings=["ann"],
        ring_until=until,
        handed_by=handed_by,
    )


def pass_time(desk: DeskInHand, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """The desk's clock goes forward by so much; a busy machine may need any time for what comes before."""
    before = desk.app.desk._now
    monkeypatch.setattr(desk.app.desk, "_now", lambda: before() + seconds * 1000)


async def bells(desk: DeskInHand, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    rung: list[None] = []
    monkeypatch.setattr(desk.app, "bell", lambda: rung.append(None))
    return rung


class TestRinging:
    async def test_it_rings_once_and_is_accepted_from_wherever_one_is(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        core.receive(TWO, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            rung = await bells(desk, monkeypatch)
            await desk.press("enter")
            await desk.type("half a wo")
            rings(core)
            await desk.shows(f"{ONE} is ringing you (support)", "1 ringing")
            core.change(conversation_of(core, ONE), events.DueSoon, due_at=core.now() + 60_000, due_told="soon")
            await desk.shows("1 due soon")
            assert len(rung) == 1
            await desk.press("ctrl+n")
            await desk.shows(f"{ONE}  → ", f"enter accepts · {ONE}", "ringing you · ")
            await desk.press("enter")
            await desk.shows("yours", "0 of 1,600")
            assert asked(core, requests.Accept) == [requests.Accept(conversation_of(core, ONE))]
            assert desk.app.desk.model.compose.drafts[conversation_of(core, TWO)] == "half a wo"

    async def test_what_rings_is_accepted_and_answered_by_one_enter(self, core: FakeCore, tmp_path: Path) -> None:
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            rings(core)
            await desk.shows("1 ringing")
            await desk.press("n")
            await desk.type("hello")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")

    async def test_declining_and_silence_by_environment(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TEXTDESK_BELL", "0")
        async with desk_on(core, tmp_path) as desk:
            rung = await bells(desk, monkeypatch)
            rings(core, handed_by="ben")
            await desk.shows("ben transfers", "from ben · ")
            await desk.press("d")
            await desk.shows(f"{ONE} is ringing you. Press the key again to pass it on.")
            assert not asked(core, requests.Decline)
            await desk.press("d")
            await desk.until(lambda: asked(core, requests.Decline), "the request")
            await desk.shows("Nothing is yours right now.")
            assert rung == []

    async def test_a_notice_names_the_agent_who_was_faster(self, core: FakeCore, tmp_path: Path) -> None:
        async with desk_on(core, tmp_path) as desk:
            rings(core)
            await desk.shows("1 ringing")
            told = {"also_rang": ["ann"]}
            core.change(
                conversation_of(core, ONE), events.ConversationAssigned, told, state="assigned", agent="ben", rings=[]
            )
            await desk.shows(f"ben took {ONE} first.")


class TestReplies:
    async def test_a_ring_that_runs_out_is_said_wherever_one_is(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(TWO, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            rings(core, for_s=-1)
            await desk.shows(f"{ONE} is ringing you (support)", f"reply to {TWO}")
            core.change(
                conversation_of(core, ONE), events.ConversationQueued, state="queued", rings=[], ring_until=None
            )
            await desk.shows(f"{ONE} rang out: it is back in the queue.", f"reply to {TWO}")

    async def test_what_came_in_meanwhile_is_shown_before_it_is_sent_again(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("yes")
            # It is on its way to the desk still when the reply is pressed.
            told, core.tell = core.tell, lambda *_: None  # type: ignore[method-assign]
            core.receive(ONE, "no, wait")
            core.tell = told  # type: ignore[method-assign]
            await desk.press("enter")
            await desk.shows("Not sent: The consumer has written since you last looked.", "no, wait")
            assert desk.app.main.compose_area.text == "yes"
            await desk.press("enter")
            await desk.shows("yes")
            assert [getattr(body, "seen", None) for body in asked(core, requests.Reply)] == [1, 2]

    async def test_a_reply_is_undone_while_that_is_possible(self, core: FakeCore, tmp_path: Path) -> None:
        undo_s(core, 60)
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("enter")
            await desk.type("oops")
            await desk.press("enter")
            await desk.shows("oops", "  undo ", "^t undo")
            await desk.type("more")
            await desk.press("ctrl+t")
            await desk.shows("↶ not sent", "Undone: it was not sent.")
            assert desk.app.main.compose_area.text == "oops\nmore"

    async def test_a_reply_is_undone_from_the_next_conversation(self, core: FakeCore, tmp_path: Path) -> None:
        undo_s(core, 60)
        for consumer in (ONE, TWO):
            core.receive(consumer, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("oops")
            await desk.press("enter", "ctrl+n")
            await desk.shows(f"reply to {TWO}", f"^t undo to {ONE}")
            await desk.press("ctrl+t")
            await desk.shows(f"The reply to {ONE} can still be undone, ")
            assert not asked(core, requests.UndoReply)
            await desk.press("ctrl+t")
            await desk.shows(f"Undone: the reply to {ONE} was not sent. Its text is your draft there again.")
            assert desk.app.desk.model.compose.drafts[conversation_of(core, ONE)] == "oops"
            await desk.hides(f"undo to {ONE}")

    @pytest.mark.slow
    async def test_the_seconds_run_out(self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        undo_s(core, 600)
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("fine")
            await desk.press("enter")
            await desk.shows("  undo ")
            pass_time(desk, monkeypatch, 601)
            await desk.shows("· to be sent")
            await desk.until(lambda: desk.app._seconds is None, "the clock of seconds to stop")

    async def test_a_note_is_never_a_text(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("enter", "escape", "m")
            await desk.shows("for colleagues only")
            await desk.press("enter")
            await desk.shows("Write something, or leave with esc.")
            await desk.type("careful")
            await desk.press("enter")
            await desk.shows("note · ann", "careful")
            assert asked(core, requests.Reply) == []


class TestTransfer:
    TARGETS = answers.Targets(
        [
            SkillTargetView("orders", True, 1, 2.0, 0, 0, "orders", "taken at once"),
            SkillTargetView("night", True, 0, 0, 3, None, None, "no one of it or of its fallbacks is online"),
        ],
        [AgentTargetView("ben", "Ben", "online", 1.0, 4, True, "1 of 4 places taken")],
    )

    async def test_to_an_agent_found_by_typing_with_a_note(self, core: FakeCore, tmp_path: Path) -> None:
        core.targets = self.TARGETS
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("t")
            await desk.shows("skill orders", "agent Ben", "✗ no one of it")
            await desk.type("ben")
            await desk.hides("skill orders")
            await desk.press("tab")
            await desk.type("knows lamps")
            await desk.press("enter")
            await desk.shows("Transferred. It is ringing ben.")
            assert asked(core, requests.Transfer) == [
                requests.Transfer(conversation_of(core, ONE), None, "ben", "knows lamps")
            ]

    async def test_the_reason_of_the_chosen_target_is_whole_also_on_a_small_screen(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.targets = self.TARGETS
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(40, 12)) as desk:
            await desk.press("t")
            await desk.type("night")
            await desk.shows("no one of it or of its", "fallbacks is online")

    async def test_what_would_strand_cannot_be_chosen(self, core: FakeCore, tmp_path: Path) -> None:
        core.targets = self.TARGETS
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("t")
            await desk.shows("skill night")
            await desk.press("down", "down", "enter")
            await desk.shows("night would not take it")
            await desk.press("escape")
            await desk.hides("Transfer +")
            assert asked(core, requests.Transfer) == []

    async def test_back_with_a_note_which_a_refusal_does_not_lose(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.refuse[requests.GiveBack] = (RefusalCode.STORE_UNAVAILABLE, "Nothing was kept.")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("B")
            await desk.type("call first")
            await desk.press("enter")
            await desk.shows("! Nothing was kept.")
            await desk.press("B")
            await desk.shows("call first")
            core.refuse.clear()
            await desk.press("enter")
            await desk.shows("Nothing is yours right now.")
        assert core.messages[-1].text == "call first"


class TestTheEnd:
    async def test_a_close_is_undone(self, core: FakeCore, tmp_path: Path) -> None:
        core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("x")
            await desk.shows(f"{ONE}: closed. u reopens it.", "Mine 0")
            await desk.press("u")
            await desk.shows("Mine 1", "→ bye")
            assert asked(core, requests.Reopen) == [requests.Reopen(conversation_of(core, ONE))]

    async def test_what_says_that_it_is_closed_ends_once_they_have_written_again(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("x")
            await desk.shows(f"{ONE}: closed. u reopens it.")
            queued = {"state": "queued", "agent": None, "closed_at": None, "wrap_up_until": None}
            core.change(conversation_of(core, ONE), events.ConversationReopened, {"by": None}, **queued)
            await desk.shows(f"{ONE}: open again, in the queue.")
            assert "u reopens it" not in desk.text

    async def test_closing_with_an_outcome_asks_where_they_wait(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("X")
            await desk.shows(f"How did it go with {ONE}?")
            await desk.press("enter")
            await desk.shows(f"{ONE} waits for an answer. Press the key again to close all the same.")
            assert not asked(core, requests.Close)
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Close), "the request")

    async def test_how_it_went_is_asked_in_the_wrap_up(self, core: FakeCore, tmp_path: Path) -> None:
        core.wrap_up_s, core.outcomes = 60, ["solved", "passed on"]
        core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("x")
            await desk.shows(f"{ONE}: closed. X records the outcome, u reopens it.")
            await desk.press("X")
            await desk.shows(f"How did it go with {ONE}?", "left", "no outcome")
            await desk.type("ss")  # a letter leads to an outcome, and to no note
            await desk.press("tab")
            await desk.type("lamp sent")
            await desk.press("tab")
            await desk.type("lamp post")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.WrapUp), "the request")
            wish = requests.WrapUp(conversation_of(core, ONE), "solved", "lamp sent", ["lamp", "post"])
            assert asked(core, requests.WrapUp) == [wish]

    @pytest.mark.slow
    async def test_what_is_written_when_the_time_is_over_is_not_lost(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        core.wrap_up_s = 600
        core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("x")
            await desk.shows("X records the outcome")
            await desk.press("X")
            await desk.shows("How did it go")
            await desk.type("fine")
            pass_time(desk, monkeypatch, 599)
            await desk.until(lambda: asked(core, requests.WrapUp), "the request")
            await desk.hides("How did it go")
            assert asked(core, requests.WrapUp) == [requests.WrapUp(conversation_of(core, ONE), "fine", "", [])]

    async def test_when_an_answer_is_due_is_set_by_hand(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("s")
            await desk.type("later")
            await desk.press("enter")
            await desk.shows("Write it like 30m, 2h, 17:30")
            for _ in "later":
                await desk.press("backspace")
            await desk.type("2h")
            await desk.press("down", "enter")
            await desk.until(lambda: asked(core, requests.SetDue), "the request")
            await desk.press("enter")
            await desk.shows("set by hand")
            [wish] = asked(core, requests.SetDue)
            assert isinstance(wish, requests.SetDue) and wish.keep and wish.due_at is not None
            assert abs(wish.due_at - core.now() - 7_200_000) < 60_000


class TestLeads:
    async def test_joining_leaving_and_taking_over(self, core: FakeCore, tmp_path: Path) -> None:
        core.role = "lead"
        core.receive(ONE, "hello", owner="ben")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("left")
            await desk.shows("ben has this conversation.", "J join/leave", "O take over")
            await desk.press("J")
            await desk.shows("beside ben", "you write beside them")
            await desk.press("enter")
            await desk.type("I can help")
            await desk.press("enter")
            await desk.shows("I can help")
            await desk.press("escape", "J")
            await desk.shows("with ben")
            await desk.press("O")
            await desk.shows("Press the key again to make it yours.")
            await desk.press("O")
            await desk.shows("yours", "Mine 1")

    async def test_agents_who_are_no_leads_are_refused(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ben")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("left", "O")
            await desk.shows("Taking over is for leads.")


class TestPages:
    @pytest.mark.slow
    async def test_why_and_the_team(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello")
        core.explained = answers.Explained(
            1,
            "everybody has a full desk",
            [ScorePartView("its answer is due", core.now())],
            [VerdictView("ben", False, "is full")],
            ["somebody gets a place free"],
        )
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("right", "w")
            await desk.shows("Number 1 in the queue of support", "somebody gets a place free", "✗ ben")
            core.explained = replace(core.explained, place=2)
            await desk.shows("Number 2 in the queue")
            await desk.press("escape", "f5")
            await desk.shows("2 of 2 agents online", "ann (you)")
            core.agents["ben"] = replace(core.agents["ben"], presence="away", reason="lunch")
            core.tell(events.AgentChanged(core.agents["ben"]))
            await desk.shows("○ away: lunch")

    async def test_from_the_team_one_key_leads_to_what_a_colleague_has(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "mine", owner="ann")
        core.receive(TWO, "with ben", owner="ben")
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("f5")
            await desk.shows("2 of 2 agents online", "enter conversations")
            await desk.press("j")
            await desk.shows("▌ ben")
            await desk.press("enter")
            await desk.shows("ben has 1 · you are looking", "with ben")
            await desk.hides("mine  ")
            assert len(desk.app.desk.listing) == 1

    async def test_away_with_a_reason(self, core: FakeCore, tmp_path: Path) -> None:
        async with desk_on(core, tmp_path, size=SMALL) as desk:
            await desk.press("p")
            await desk.shows("▌ online · now")
            await desk.press("enter", "p", "down", "down", "enter")
            await desk.shows("○ away: lunch")
            await desk.press("p")
            await desk.shows("▌ away: lunch · now")
            await desk.press("up", "up", "enter")
            await desk.shows("● online")
