"""What only an agent can decide: send again what did not arrive, what a text means, and the rest of a long one."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from connector.wire import events, requests
from connector.wire.refusals import RefusalCode
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked

ONE = "+15550101"


async def test_what_the_decision_has_closed_is_said_and_reopened_by_undo(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "please leave me alone")
    core.change(heard.conversation_id, events.DueSoon, likely_opt_out=heard.id)
    async with desk_on(core, tmp_path) as desk:
        await desk.press("right")
        await desk.shows("reads like an opt-out")
        await desk.press("Y")
        await desk.shows(f"Recorded: nothing is sent to {ONE}. The conversation is closed: u reopens it.")
        await desk.press("u")
        await desk.shows(f"{ONE}: open again.")
        assert asked(core, requests.Reopen) == [requests.Reopen(heard.conversation_id)]


async def test_a_reply_that_did_not_arrive_is_sent_again_by_one_key(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 1")
        core.fail(lost, "failed", "The number is not known to the carrier.")
        await desk.shows("1 not sent", " not sent ", f"Not sent to {ONE}: The number is not known to the carrier.")
        await desk.press("S")
        await desk.shows("This is what did not arrive.", "✗ not sent: S (or ^s) sends it again", "It is on its way.")
        await desk.press("S")
        await desk.shows("sent again below", "an earlier reply, sent again")
        assert asked(core, requests.Resend) == [requests.Resend(lost.id, heard.seq, False)]
        await desk.press("S")
        await desk.shows("There is nothing to send again.")


async def test_an_old_text_below_a_newer_question_is_asked_about(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    core.fail(lost, "failed", "The number is not known to the carrier.")
    core.receive(ONE, "Can you wrap it?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Can you wrap it?", "^s send again")
        await desk.press("ctrl+s")
        await desk.shows(
            "They have written since: “Can you wrap it?”. Press the key again to send “It is on its way.”."
        )
        assert not asked(core, requests.Resend)
        await desk.press("ctrl+s")
        await desk.until(lambda: asked(core, requests.Resend), "the old text being sent again")


async def test_while_writing_another_key_sends_again_and_no_letter_is_lost(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 1")
        await desk.press("enter")
        await desk.type("So")
        core.fail(lost, "failed", "The number is not known to the carrier.")
        await desk.shows("✗ not sent: S (or ^s) sends it again", "2 of 1,600")
        await desk.press("ctrl+s")
        await desk.shows("sent again below")
        assert desk.app.desk.model.compose.drafts[heard.conversation_id] == "So"


async def test_what_may_have_arrived_and_is_over_a_limit_is_asked_about_twice(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    core.move(lost, "uncertain", words="It is unknown whether the message was sent.")
    core.refuse[requests.Resend] = (RefusalCode.TOO_MANY_SENDS, "That is the limit.", {"may_override": 1})
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 1")
        await desk.press("enter", "escape")
        await desk.shows("not sure whether")
        await desk.press("S")
        await desk.shows(f"to send it to {ONE} a")
        await desk.press("S")
        await desk.shows("the key again sends it all the same", "That is the limit.")
        del core.refuse[requests.Resend]
        await desk.press("S")
        await desk.shows("sent again below")
        first = requests.Resend(lost.id, heard.seq, True)
        assert asked(core, requests.Resend) == [first, replace(first, override=True)]


async def test_a_reply_that_is_being_looked_up_is_sent_again_only_after_saying_so(
    core: FakeCore, tmp_path: Path
) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    core.move(lost, "uncertain", words="It is unknown whether the message was sent.")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 1")
        await desk.press("enter", "escape")
        await desk.shows("not sure whether")
        await desk.press("S")
        await desk.shows("It is looked up at the provider.")
        assert not asked(core, requests.Resend)


async def test_a_reply_that_may_have_arrived_says_what_is_known_first(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "Where is it?", owner="ann")
    lost = core.write(heard.conversation_id, "It is on its way.")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 1")
        core.fail(lost, "uncertain", "One of two equal replies was sent.")
        await desk.press("enter", "escape")
        await desk.shows("not sure whether", "? not sure it was sent: S (or ^s) sends it again", "0 of 1,600")
        await desk.press("S")
        await desk.shows("Press the key again to send it to")
        assert not asked(core, requests.Resend)
        await desk.press("S")
        await desk.shows("sent again below")
        assert asked(core, requests.Resend) == [requests.Resend(lost.id, heard.seq, True)]


async def test_what_reads_like_an_opt_out_blocks_writing_until_one_key_decides(core: FakeCore, tmp_path: Path) -> None:
    for key, is_opt_out in (("Y", True), ("I", False)):
        heard = core.receive(f"{ONE}{key == 'I':d}", "please leave me alone", owner="ann")
        core.change(heard.conversation_id, events.DueSoon, likely_opt_out=heard.id)
        async with desk_on(core, tmp_path / key, size=(80, 24)) as desk:
            await desk.shows("please leave me alone", "opted out? ")
            await desk.press("enter")
            await desk.shows("Their text reads like an opt-out: esc, then Y if it is, I if not")
            await desk.press("escape", key)
            await desk.shows("has opted out" if is_opt_out else "0 of 1,600")
            assert asked(core, requests.DecideOptOut)[-1] == requests.DecideOptOut(heard.conversation_id, is_opt_out)
        core.change(heard.conversation_id, events.ConversationClosed, state="closed", closed_at=core.now())


async def test_what_a_consumer_said_elsewhere_is_recorded_with_the_evidence(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("hello")
        await desk.press("C")
        await desk.shows(f"What did {ONE} say about being texted?")
        await desk.press("enter")
        await desk.shows("Write what they said, where and when: it is the evidence.")
        await desk.type("by phone")
        await desk.press("enter")
        await desk.shows(" opted out ", f"Recorded for {ONE}: nothing is sent to them.")
        assert asked(core, requests.OptOut) == [requests.OptOut(ONE, "by phone")]
        await desk.press("C", "down")
        await desk.type("by mail")
        await desk.press("enter")
        await desk.until(lambda: bool(asked(core, requests.OptIn)), "the opt-in is asked for")


async def test_the_rest_of_an_over_long_text_is_a_page(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "a very long story", owner="ann", overflow=17)
    core.receive(ONE, "hello?", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("hello?")
        await desk.press("enter", "escape")
        await desk.shows("17 more characters: e shows the rest")
        await desk.press("e")
        await desk.shows("The rest of the text", f"the rest of {heard.id}")
        await desk.press("escape")
        await desk.shows("a very long story")


async def test_a_decision_elsewhere_ends_the_question(core: FakeCore, tmp_path: Path) -> None:
    heard = core.receive(ONE, "go away", owner="ann")
    asked_about = core.change(heard.conversation_id, events.DueSoon, likely_opt_out=heard.id)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("go away", "opted out? ")
        settled = replace(asked_about, version=asked_about.version + 1, likely_opt_out="", opted_out=True)
        core.conversations[settled.id] = settled
        core.tell(events.ConsentChanged(ONE, True, "recorded by ben", settled.id, settled))
        await desk.until(lambda: "opted out?" not in desk.text, "the question is over")
        await desk.press("Y")
        await desk.shows("No text here reads like an opt-out.")
