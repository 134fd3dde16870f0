"""First texts to consumers, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

from connector.wire import events, requests
from connector.wire.frames import RequestFrame
from connector.wire.refusals import RefusalCode
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import LINE, FakeCore, asked, conversation_of

ONE = "+15550101"


def starts(core: FakeCore) -> list[RequestFrame]:
    return [request for request in core.asked if isinstance(request.body, requests.Start)]


async def begin(desk: DeskInHand, number: str, *, down: int = 0) -> None:
    await desk.press("c")
    await desk.shows("Text a consumer first")
    await desk.press(*["down"] * down, "plus", *number.removeprefix("+"), "enter")
    await desk.shows("opens the conversation", "of 1,600")


async def test_line_number_and_text_open_a_conversation_of_mine(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await begin(desk, ONE, down=1)
        await desk.shows(f"{ONE}  → 12345", "yours")
        await desk.type("Good news!")
        await desk.press("enter")
        await desk.shows("Good news!", "· to be sent", "yours")
        assert [request.body for request in starts(core)] == [requests.Start("12345", ONE, "Good news!", position=0)]
        await desk.type("and more")
        await desk.press("enter")
        await desk.shows("and more")
        assert len(starts(core)) == 1


async def test_a_refusal_keeps_the_draft(core: FakeCore, tmp_path: Path) -> None:
    core.refuse[requests.Start] = (RefusalCode.OPTED_OUT, "They have opted out.")
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, ONE)
        await desk.type("hello")
        await desk.press("enter")
        await desk.shows("Not sent: They have opted out.")
        assert desk.app.main.compose_area.text == "hello"


async def test_what_was_begun_is_proposed_again_also_after_a_restart(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, ONE, down=1)
        await desk.type("half a")
        await desk.press("ctrl+q")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("c")
        await desk.shows(ONE)
        await desk.press("enter")
        await desk.shows(f"{ONE}  → 12345", "6 of 1,600")
        assert desk.app.main.compose_area.text == "half a"


async def test_a_number_that_is_none_keeps_the_dialog(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c", "7", "enter")
        await desk.shows("Write the number with + and its country code")
        await desk.press("escape")
        await desk.hides("Text a consumer first")
        await desk.shows("▸Mine 0")


async def test_an_open_conversation_with_them_is_opened_instead(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "Are you there?", owner="ann", line=LINE)
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c", "plus", *ONE.removeprefix("+"), "enter")
        await desk.shows("Are you there?", "yours", "of 1,600")


async def test_one_press_texts_once_also_over_a_crash(core: FakeCore, tmp_path: Path) -> None:
    core.silent.add(requests.Start)
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, ONE)
        await desk.type("hi")
        await desk.press("enter")
        await desk.shows("sending…")
        await desk.until(lambda: starts(core), "the text")
    core.silent.clear()
    async with desk_on(core, tmp_path) as desk:
        await desk.shows("Mine 1", f"Written to {ONE}")
    assert len({request.id for request in starts(core)}) == 1
    assert sum(message.text == "hi" for message in core.messages) == 1


async def test_a_number_that_the_core_doubts_is_asked_about_once_more(core: FakeCore, tmp_path: Path) -> None:
    core.refuse[requests.Start] = (RefusalCode.DOUBTFUL_NUMBER, "That is a premium-rate number.")
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, ONE)
        await desk.type("hello")
        await desk.press("enter")
        await desk.shows("Not sent: That is a premium-rate number.")
        await desk.press("enter")  # by mistake: it is not confirmed by that
        await desk.until(lambda: len(starts(core)) == 2 and not desk.app.desk.model.pending, "the second refusal")
        del core.refuse[requests.Start]
        await desk.press("escape", "c")
        await desk.shows("Text a consumer first", ONE)
        await desk.press("enter")
        await desk.shows("That is a premium-rate number. Confirm once more")
        await desk.press("enter")
        await desk.shows("5 of 1,600")
        await desk.press("enter")
        await desk.until(lambda: len(starts(core)) == 3, "the confirmed text")
    sent = [
        requests.Start(LINE, ONE, "hello", confirmed=is_confirmed, position=0) for is_confirmed in (False, False, True)
    ]
    assert [request.body for request in starts(core)] == sent


async def test_a_limit_that_the_agent_may_set_aside_is_asked_about_with_the_text_in_sight(
    core: FakeCore, tmp_path: Path
) -> None:
    core.refuse[requests.Start] = (RefusalCode.TOO_MANY_NEW_NUMBERS, "That is the limit.", {"may_override": 1})
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, ONE)
        await desk.type("hello")
        for sent in (1, 2):
            await desk.press("enter")
            await desk.shows("enter again sends it all the same, and the audit records it. That is the limit.")
            await desk.type("!")  # another text: it has to be asked about anew
            assert len(starts(core)) == sent
        await desk.press("enter")
        await desk.shows("enter again")
        await desk.press("enter")  # and is refused all the same
        await desk.until(lambda: len(starts(core)) == 4 and not desk.app.desk.model.pending, "the last refusal")
        await desk.hides("enter again")
        await desk.press("enter")
        await desk.until(lambda: len(starts(core)) == 5, "one more")
    texts = [("hello", False), ("hello!", False), ("hello!!", False), ("hello!!", True), ("hello!!", False)]
    assert [(one.body.text, one.body.override) for one in starts(core) if isinstance(one.body, requests.Start)] == texts


async def test_a_number_that_is_refused_is_changed_and_the_text_goes_along(core: FakeCore, tmp_path: Path) -> None:
    core.refuse[requests.Start] = (RefusalCode.BAD_REQUEST, "That is no phone number.")
    async with desk_on(core, tmp_path) as desk:
        await begin(desk, f"{ONE}1")
        await desk.type("hello")
        await desk.press("enter")
        await desk.shows("Not sent: That is no phone number. esc and c ask for another number")
        del core.refuse[requests.Start]
        await desk.press("escape", "c")
        await desk.shows("Text a consumer first", f"{ONE}1")
        await desk.press("backspace", "enter")
        await desk.shows(f"{ONE}  → ", "5 of 1,600")
        await desk.press("enter")
        await desk.until(lambda: len(starts(core)) == 2, "the text")
        assert starts(core)[-1].body == requests.Start(LINE, ONE, "hello", position=0)
        await desk.press("escape", "c")
        await desk.shows("Text a consumer first")
        await desk.hides(f"{ONE}1")


async def test_our_own_line_is_no_consumer(core: FakeCore, tmp_path: Path) -> None:
    for number in range(9):
        core.receive(f"+1555010{number}", "beside and below the dialog", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("Mine 9")
        await desk.press("c", *"12345", "enter")
        await desk.shows("12345 is one of our own lines")
        top, bottom = (next(n for n, row in enumerate(desk.rows) if row.startswith(corner)) for corner in "╭╰")
        assert all(row.startswith("│") and row.endswith("│") for row in desk.rows[top + 1 : bottom])
        assert top < next(n for n, row in enumerate(desk.rows) if "esc back" in row) < bottom


async def test_what_was_written_in_a_dialog_is_dropped_by_a_second_key_only(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("hello")
        await desk.press("m")
        await desk.shows("for colleagues only")
        await desk.type("the parcel is at the neighbours")
        await desk.press("escape")
        await desk.shows("What you wrote here would be lost.", "the parcel is at the neighbours")
        await desk.press("escape")
        await desk.hides("for colleagues only")


async def test_a_name_finds_whom_to_text_as_it_is_typed(core: FakeCore, tmp_path: Path) -> None:
    core.record("+15550171", name="Renée Dubois")
    core.record("+15550172", name="Renate Ito")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c")
        await desk.type("ren")
        await desk.shows("Renée Dubois", "Renate Ito", "+15550172", "• +15550199")
        assert desk.text.count("▌ ") == 1  # the keys move one cursor
        await desk.press("down", "enter")
        await desk.shows("To Renate Ito: choose a line, and confirm.", "+15550172", "▌ +15550199")
        await desk.hides("Renée")
        await desk.press("down", "enter")
        await desk.shows("Renate Ito  +15550172 → 12345", "of 1,600")
        await desk.type("Hello Renate")
        await desk.press("enter")
        await desk.shows("· to be sent")
    assert [one.body for one in starts(core)] == [requests.Start("12345", "+15550172", "Hello Renate", position=2)]


async def test_a_number_that_is_typed_is_texted_whoever_else_has_its_digits(core: FakeCore, tmp_path: Path) -> None:
    core.record("+155501712", name="Renée Dubois")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c")
        await desk.type("+15550171")
        await desk.shows("Renée Dubois")
        assert "▌ Renée" not in desk.text  # enter takes the number
        await desk.press("enter")
        await desk.shows("+15550171  → ")
    async with desk_on(core, tmp_path / "other", size=(80, 24)) as desk:
        await desk.press("c")
        await desk.type("+15550171")
        await desk.shows("Renée Dubois")
        await desk.press("down", "enter", "enter")
        await desk.shows("Renée Dubois  +155501712 → ")


async def test_a_number_without_the_code_of_its_country_is_its_contact_s(core: FakeCore, tmp_path: Path) -> None:
    core.record("+14155550112", name="Lukas Weber")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c")
        await desk.type("4155550112")
        await desk.shows("▌ Lukas Weber")
        await desk.press("enter")
        await desk.shows("To Lukas Weber: choose a line, and confirm.")
        await desk.press("enter")
        await desk.shows("Lukas Weber  +14155550112 → ")


async def test_a_name_that_nobody_has_is_no_number(core: FakeCore, tmp_path: Path) -> None:
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c")
        await desk.type("zoe")
        await desk.press("enter")
        await desk.shows("No contact has a name that begins like this")


async def test_what_was_said_before_stands_above_the_first_text(core: FakeCore, tmp_path: Path) -> None:
    for number in range(120):
        core.receive(ONE, f"parcel {number}.", owner="ben", at=core.now() - (200 - number) * 60_000)
    past = conversation_of(core, ONE)
    core.change(past, events.ConversationClosed, state="closed", agent=None, closed_at=core.now())
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("c")
        await desk.shows("Text a consumer first")
        await desk.press("down", "plus", *ONE.removeprefix("+"), "enter")
        await desk.shows("parcel 119.", "yours", "of 1,600")
        assert requests.GetHistory(past) in asked(core, requests.GetHistory)
        await desk.press("escape")
        for _ in range(50):
            if "parcel 0." not in desk.text:
                await desk.press("g")
        await desk.shows("parcel 0.")
        await desk.press("G", "i")
        await desk.type("Good news!")
        await desk.press("enter")
        await desk.shows("Good news!", "parcel 119.", "to be sent")
        assert [one.text for one in asked(core, requests.Start)] == ["Good news!"]
        assert not asked(core, requests.MarkRead)
