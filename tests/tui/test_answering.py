"""Replies at the desk: written, kept, sent and refused."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from connector.wire import events, requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tests.kit.views import account
from tui.core.workspace import Workspace

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


def focused(desk: DeskInHand) -> str | None:
    return desk.app.screen.focused.id if desk.app.screen.focused else None


class TestAnswering:
    async def test_that_a_text_typed_ahead_was_not_sent_is_said_after_the_next_key(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        for consumer in (ONE, TWO):
            core.receive(consumer, "hello", owner="ann")
        core.silent.add(requests.GetHistory)
        async with desk_on(core, tmp_path) as desk:
            await desk.press("n", "o", "k", "enter", "ctrl+n", "h", "i")
            await desk.shows("Not sent to +1555010", "Their latest texts were not on the screen yet", "draft ·")
            assert not asked(core, requests.Reply)

    async def test_a_text_that_is_sent_in_the_end_is_not_said_to_be_unsent(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.silent.add(requests.GetHistory)
        async with desk_on(core, tmp_path) as desk:
            await desk.press("n", "o", "k", "enter")
            await desk.shows("Not sent to +15550101")
            core.silent.clear()
            core.answer()
            await desk.hides("Loading…")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            await desk.hides("Not sent to")

    async def test_a_reply_is_pale_at_once_and_its_ticks_follow(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "Where is my parcel?", owner="ann")
        core.silent.add(requests.Reply)
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("on its way")
            await desk.press("enter")
            await desk.shows("on its way", "sending…", "0 of 1,600")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            core.silent.clear()
            core.answer()
            message = core.messages[-1]
            await desk.shows("· to be sent")
            for status, sign in (("sent", "✓"), ("delivered", "✓✓")):
                core.move(message, status)
                await desk.shows(sign)
            assert desk.text.count("on its way") == 2, "in the row and in the transcript"

    async def test_while_the_account_takes_nothing_the_reply_and_the_head_say_that_it_waits(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.accounts = [account("main")]
        async with desk_on(core, tmp_path, size=(140, 36)) as desk:
            await desk.press("enter")
            await desk.type("on its way")
            await desk.press("enter")
            await desk.shows("· to be sent")
            core.tell_accounts(
                [account("main", state="down", words="replies are held", replies_wait="no sign-in (401)")]
            )
            await desk.shows("· waits: main: no sign-in (401)", " replies wait: main: no sign-in (401)")
            core.tell_accounts([account("main")])
            await desk.shows("· to be sent")
            await desk.hides("no sign-in")

    async def test_a_new_line_is_ctrl_j_and_goes_out_as_one_message(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("one")
            await desk.press("ctrl+j")
            await desk.type("two")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            assert asked(core, requests.Reply) == [requests.Reply(conversation_of(core, ONE), "one\ntwo", [], 1)]

    async def test_too_long_is_refused_here_and_the_draft_stays(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            desk.app.main.compose_area.insert("a" * 1601)
            await desk.shows("1,601 of 1,600", "1 too many", "11 segments")
            await desk.press("enter")
            await desk.shows("Too long by 1 character: a reply holds 1,600. Nothing was cut.")
            assert desk.app.main.compose_area.text == "a" * 1601
            assert asked(core, requests.Reply) == []

    async def test_the_core_s_refusal_brings_the_text_back_beside_what_was_written_since(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        core.silent.add(requests.Reply)
        core.refuse[requests.Reply] = (RefusalCode.OPTED_OUT, "They have opted out.")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("hi")
            await desk.press("enter", "y", "o")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            core.silent.clear()
            core.answer()
            await desk.shows("Not sent: They have opted out.")
            assert desk.app.main.compose_area.text == "hi\nyo"

    async def test_look_alikes_are_pointed_out_and_one_key_makes_them_plain(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("enter")
            desk.app.main.compose_area.insert("don’t")
            await desk.shows("UCS-2", "“’” at 4", "^g plain letters")
            await desk.press("ctrl+g")
            await desk.shows("GSM-7", "don't")
            await desk.press("ctrl+z")
            await desk.shows("don’t", "UCS-2")

    async def test_a_draft_stays_with_its_conversation(self, core: FakeCore, tmp_path: Path) -> None:
        for consumer in (ONE, TWO):
            core.receive(consumer, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("n")
            await desk.shows(f"{ONE}  → ")
            await desk.type("for one")
            await desk.press("ctrl+n")
            await desk.shows(f"{TWO}  → ", "0 of 1,600", " draft ", "hello")
            await desk.type("for two")
            await desk.press("ctrl+n")
            await desk.shows("7 of 1,600")
            assert desk.app.main.compose_area.text == "for one"

    async def test_accepting_from_the_queue_leads_to_the_compose_pane(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("right", "enter")
            await desk.shows("in the queue", f"enter accepts · {ONE}")
            assert focused(desk) == "compose"
            await desk.press("enter")
            await desk.shows("yours", f"reply to {ONE}")
            assert focused(desk) == "compose" and not asked(core, requests.Reply)

    async def test_what_is_written_to_a_queued_conversation_is_sent_as_it_is_accepted(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello")
        core.silent.add(requests.Reply)
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("right", "enter")
            await desk.shows(f"enter accepts · {ONE}")
            await desk.type("did you get it")
            await desk.shows("enter accepts and sends")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the request")
            core.silent.clear()
            core.answer()
            await desk.shows("yours", "did you get it")
            assert asked(core, requests.Reply) == [
                requests.Reply(conversation_of(core, ONE), "did you get it", [], 1, accept=True)
            ]
            assert not asked(core, requests.Decline)

    async def test_where_the_round_has_led_to_the_queue_s_enter_asks_before_it_accepts_and_sends(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("n")
            await desk.type("did you get it")
            await desk.press("enter")
            await desk.shows(f"Not yours yet: {ONE}, queue: enter again accepts and sends.")
            await desk.press("s", "enter")
            await desk.shows(f"Not yours yet: {ONE}, queue")
            assert not asked(core, requests.Reply)
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the request")
            await desk.shows("yours", "did you get its")
            await desk.type("more")
            await desk.press("enter")
            await desk.until(lambda: len(asked(core, requests.Reply)) == 2, "the next one, which asks nothing")

    @pytest.mark.parametrize(
        ("letter", "command"), [("n", "^n (next)"), ("x", "esc x (close)"), ("k", "esc k"), ("?", "F1 (help)")]
    )
    async def test_one_letter_that_is_a_command_elsewhere_is_sent_only_by_a_second_enter(
        self, core: FakeCore, tmp_path: Path, letter: str, command: str
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("enter")
            await desk.shows("reply to")
            await desk.paste(letter)
            await desk.press("enter")
            await desk.shows(f"enter again sends “{letter}” as a text.", command)
            assert not asked(core, requests.Reply)
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            await desk.type("7")
            await desk.press("enter")
            await desk.until(lambda: len(asked(core, requests.Reply)) == 2, "a digit, which is no command")

    async def test_a_shortcut_of_a_saved_reply_is_sent_only_by_a_second_enter(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("enter")
            await desk.shows("reply to")
            await desk.paste("Sorry ;gr")
            await desk.press("tab")
            await desk.shows("No saved reply that is offered here has a shortcut ;gr.")
            await desk.press("enter")
            await desk.shows("enter again sends “;gr” as a text. tab puts in a saved reply.")
            assert not asked(core, requests.Reply)
            await desk.type(" ;-)")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            assert asked(core, requests.Reply)[0].text == "Sorry ;gr ;-)"

    async def test_tab_after_a_shortcut_beside_a_word_leaves_one_in_the_text(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("enter")
            await desk.shows("reply to")
            await desk.type("gr;parkk")
            await desk.press("tab")
            await desk.shows("A shortcut is not read next to a word: put a blank before the ;.")
            await desk.type(" x")
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.Reply), "the reply")
            assert asked(core, requests.Reply)[0].text == "gr;parkk x"

    async def test_if_another_agent_accepts_first_the_text_stays_a_draft(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello")
        core.refuse[requests.Reply] = (RefusalCode.NOT_OWNER, "Ben took it first.")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("right", "enter")
            await desk.type("did you get it")
            await desk.press("enter")
            await desk.shows("Not sent: Ben took it first. Your text is kept as a draft.")
            assert desk.app.main.compose_area.text == "did you get it"

    async def test_a_refused_accept_says_which_agent_was_first(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello")
        core.refuse[requests.Accept] = (RefusalCode.NOT_QUEUED, "Ben took it first.")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("right", "a")
            await desk.shows("! Ben took it first.")

    async def test_giving_back_and_closing(self, core: FakeCore, tmp_path: Path) -> None:
        for consumer in (ONE, TWO):
            core.receive(consumer, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("b")
            await desk.shows(f"{ONE} waits for an answer. Press the key again to give it back")
            assert asked(core, requests.GiveBack) == []
            await desk.press("b")
            await desk.until(lambda: asked(core, requests.GiveBack), "the request")
            await desk.shows("Queue 1", "Mine 1", f"{ONE} is back in the queue: a takes it again.")
            await desk.shows(f"{ONE}  → ", "in the queue")
            await desk.press("x")
            await desk.shows("! Only its owner can close")
            await desk.press("j", "x")
            await desk.shows(f"{TWO} waits for an answer. Press the key again")
            await desk.press("k", "x")
            await desk.shows("Press the key again")
            assert asked(core, requests.Close) == []
            await desk.press("x")
            await desk.until(lambda: asked(core, requests.Close), "the request")
            await desk.shows("Nothing is yours right now.")

    async def test_a_conversation_taken_away_keeps_its_draft_and_says_so(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("I was about to")
            core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ben")
            await desk.shows("ben has this conversation.", "kept as a draft", "I was about to")
            core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ann")
            await desk.shows("14 of 1,600")
            assert desk.app.main.compose_area.text == "I was about to"

    async def test_a_draft_that_is_not_on_disk_is_not_called_kept(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        core.receive(ONE, "hello", owner="ann")

        async def fail(*_: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            with monkeypatch.context() as broken:
                broken.setattr(Workspace, "save", fail)
                await desk.type("I was")
                core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ben")
                await desk.shows("Drafts cannot be kept on disk", "a draft, not kept on disk")
                assert "kept as a draft" not in desk.text
            core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ann")
            await desk.type(" about to")
            core.change(conversation_of(core, ONE), events.ConversationAssigned, agent="ben")
            await desk.shows("kept as a draft")

    async def test_a_consumer_who_has_opted_out_cannot_be_texted(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "STOP", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            core.opt_out(ONE)
            await desk.shows(f"{ONE} has opted out", "opted out: nothing may be sent")
            await desk.type("but")
            await desk.shows("kept as a draft")
            await desk.press("enter", "escape", "escape")
            await desk.until(lambda: not desk.app.main.compose_area.display, "no compose pane")
            await desk.shows("Your draft is kept")
            assert not asked(core, requests.Reply)
