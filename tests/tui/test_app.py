"""The whole desk, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.color import ColorType

from connector.wire import events, requests
from connector.wire.views import HookView, PartView
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tests.kit.views import account, conversation
from tui.core.workspace import Workspace
from tui.model.listing import Scope

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


def focused(desk: DeskInHand) -> str | None:
    return desk.app.screen.focused.id if desk.app.screen.focused else None


class TestScreens:
    async def test_a_narrow_terminal_shows_one_pane_at_a_time(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "Where is my parcel?", owner="ann", at=core.now() - 240_000)
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            rows = desk.rows
            assert "ann ● online" in rows[0] and "1 needs you" in rows[0] and "linked" in rows[0]
            assert "▸Mine 1" in rows[1]
            assert "1" in rows[3] and "4m" in rows[3] and ONE in rows[3]
            assert "Where is my parcel?" in rows[3] and "support" in rows[3]
            titles = rows[2]
            assert "since" in titles and "last words" in titles
            await desk.press("enter")
            await desk.shows("of 1,600", "yours")
            assert "▸Mine 1" not in desk.text and focused(desk) == "compose"
            core.receive(ONE, "Hello?", owner="ann")
            await desk.shows("Hello?")
            await desk.until(lambda: not desk.app.desk.model.pending, "the answers")
            await desk.until(lambda: desk.app.desk.model.connection.position == core.position, "all that happened")
            await desk.press("escape", "escape")
            await desk.shows("▸Mine 1")
            assert desk.rows[2] == titles
            await desk.resize(60, 24)
            await desk.hides("last message")
            await desk.resize(120, 24)
            await desk.hides("last message")
            await desk.resize(80, 24)
            await desk.shows(titles)

    async def test_a_desk_without_any_account_says_how_to_connect_one(self, core: FakeCore, tmp_path: Path) -> None:
        core.accounts, core.lines = [], []
        async with desk_on(core, tmp_path) as desk:
            await desk.shows("No account is connected yet")
            await desk.press("f4")
            await desk.shows("Providers", "No account is connected yet")

    async def test_a_list_that_gets_more_room_fills_it(self, core: FakeCore, tmp_path: Path) -> None:
        for number in range(40):
            core.receive(f"+155501{number:02d}", "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("G")
            await desk.shows("40 of ")
            await desk.resize(80, 40)
            await desk.until(lambda: desk.text.count("hello") == 36, "36 rows")

    async def test_a_wide_one_shows_both_side_by_side(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "Where is my parcel?", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.shows("▸Mine 1", "of 1,600")
            assert any(ONE in row and "│" in row for row in desk.rows)

    @pytest.mark.parametrize("size", [(60, 20), (40, 12), (200, 60)])
    async def test_it_is_sane_at_other_sizes_too(self, core: FakeCore, tmp_path: Path, size: tuple[int, int]) -> None:
        core.receive(ONE, "Where is my parcel?", owner="ann")
        async with desk_on(core, tmp_path, size=size) as desk:
            await desk.shows(ONE, "1 new")
            await desk.press("enter")
            await desk.shows("Where is my", "of 1,600", "enter send")

    async def test_it_follows_a_resize_with_a_conversation_open(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "Where is my parcel?", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("on its way")
            await desk.resize(60, 20)
            await desk.shows("on its way", "10 of 1,600")
            assert "▸Mine 1" not in desk.text
            await desk.resize(140, 40)
            await desk.shows("▸Mine 1", "on its way")

    async def test_without_colour_nothing_is_coloured_and_everything_is_said(
        self, core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        core.receive(ONE, "Where is my parcel?", owner="ann")
        core.tell_accounts([account("main", state="down", words="The token is wrong.")])
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.shows("of 1,600", "✗ main", "▌")
            for segment in desk.segments:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert colour is None or colour.type is ColorType.DEFAULT, segment

    async def test_nothing_there_is_said_in_words(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(TWO, "hello")
        async with desk_on(core, tmp_path) as desk:
            await desk.shows("Nothing is yours right now.", "1 in the queue: → shows them.")
            await desk.press("right")
            await desk.shows("▸Queue 1", TWO)
            core.change(conversation_of(core, TWO), events.ConversationAssigned, state="assigned", agent="ben")
            await desk.shows("The queue is empty.")

    async def test_help_providers_and_hooks_are_pages_that_esc_leaves(self, core: FakeCore, tmp_path: Path) -> None:
        core.role = "administrator"
        core.accounts = [account("main", state="warning", words="3 calls were refused.", queue_depth=2, failed=1)]
        core.hooks = [
            HookView("H1", core.now(), "main", "/hooks/twilio/main/inbound", "refused", "No signature.", "a=b")
        ]
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("question_mark")
            await desk.shows("Keys", "In the list", "Open the conversation under the cursor.")
            await desk.press("escape", "f4")
            await desk.shows("Providers", "▲ main", "3 calls were refused.", "2 queued")
            core.tell_accounts([account("main", words="All is well.")])
            await desk.shows("● main", "all well")
            await desk.press("h")
            await desk.shows("became no message", "refused", "No signature.", "a=b")
            await desk.press("escape", "escape")
            await desk.shows("▸Mine 0")

    async def test_what_happens_behind_a_page_is_there_when_it_is_left(self, core: FakeCore, tmp_path: Path) -> None:
        async with desk_on(core, tmp_path) as desk:
            await desk.press("f1")
            await desk.shows("▸Keys", "In the list")
            await desk.press("3")
            await desk.shows("▸Ideas", "How a conversation comes to you")
            await desk.press("slash")
            await desk.type("due soon")
            await desk.shows("an answer is due in four minutes")
            assert "How a conversation comes to you" not in desk.text
            await desk.press("escape")
            await desk.shows("In the list")
            core.receive(ONE, "Where is my parcel?", owner="ann")
            await desk.until(lambda: desk.app.desk.listing.count(Scope.MINE), "the event")
            await desk.press("escape")
            await desk.shows(ONE, "Where is my parcel?")

    async def test_the_palette_runs_what_was_typed(self, core: FakeCore, tmp_path: Path) -> None:
        async with desk_on(core, tmp_path) as desk:
            await desk.press("ctrl+p")
            await desk.shows("what do you want to do?")
            await desk.type("away")
            await desk.shows("online/away")
            await desk.press("enter")
            await desk.shows("Your presence")
            await desk.press("down", "enter")
            await desk.shows("○ away")
            await desk.press("ctrl+p")
            await desk.type("declne")
            await desk.shows("not now: Nothing is ringing you here.")
            await desk.press("enter")
            await desk.shows("! Nothing is ringing you here.")
            await desk.press("ctrl+p", "escape")
            await desk.hides("what do you want to do?")
        assert Workspace(tmp_path).used_commands() == ("presence",)

    @pytest.mark.parametrize(
        ("keys", "words"), [("ctrl+p", "what do you want to do?"), ("c", "Text a consumer"), ("f1", "Keys")]
    )
    async def test_the_key_that_leaves_works_in_front_of_the_desk_too(
        self, core: FakeCore, tmp_path: Path, keys: str, words: str
    ) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.type("not yet")
            await desk.press("escape", keys)
            await desk.shows(words)
            await desk.press("ctrl+q")
            await desk.shows("You have 1 conversation.")
            await desk.press("ctrl+q")
            await desk.until(lambda: desk.app.return_code == 0, "its end")
        assert Workspace(tmp_path).drafts() == {conversation_of(core, ONE): "not yet"}


class TestReading:
    async def test_segments_are_shown_as_one_text_or_each_on_its_own(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "one ", owner="ann", part=PartView(9, 3, 1))
        core.receive(ONE, "three", owner="ann", part=PartView(9, 3, 3))
        async with desk_on(core, tmp_path, size=(80, 24)) as desk:
            await desk.press("enter", "escape")
            await desk.shows("… part 2 of 3 missing …", "2 of 3 parts")
            core.receive(ONE, "two ", part=PartView(9, 3, 2))
            await desk.shows("one two three", "3 parts joined")
            await desk.press("v")
            await desk.shows("1/3", "2/3", "3/3")
            assert "one two three" not in desk.text
            await desk.press("v")
            await desk.shows("one two three")
        assert len(core.messages) == 3

    async def test_looking_at_it_marks_it_read(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            assert asked(core, requests.MarkRead) == []
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.MarkRead), "the mark")
            desk.app.app_focus = False
            core.receive(ONE, "anybody?", owner="ann")
            await desk.shows("anybody?")
            assert len(asked(core, requests.MarkRead)) == 1
            desk.app.app_focus = True
            await desk.press("escape")
            core.receive(ONE, "hello?", owner="ann")
            await desk.until(lambda: len(asked(core, requests.MarkRead)) > 1, "the second mark")

    async def test_marked_as_unread_it_stays_so_until_it_is_opened_again(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "hello", owner="ann")
        async with desk_on(core, tmp_path, size=(120, 36)) as desk:
            await desk.press("enter")
            await desk.until(lambda: asked(core, requests.MarkRead), "the mark")
            await desk.press("escape", "U")
            await desk.until(lambda: asked(core, requests.MarkUnread), "the mark taken away")
            await desk.until(
                lambda: any(one.unread for one in desk.app.desk.model.conversations.by_id.values()), "the row"
            )
            await desk.press("enter")
            await desk.until(lambda: len(asked(core, requests.MarkRead)) == 2, "the second mark")

    async def test_why_a_transcript_begins_where_it_does_is_whole_in_a_narrow_pane(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        core.history_ends = "Messages are erased 365 days after a conversation's end."
        core.receive(ONE, "\n".join(f"line {number:02d}" for number in range(40)), owner="ann")
        async with desk_on(core, tmp_path, size=(40, 24)) as desk:
            await desk.press("enter")
            await desk.shows("line 39")
            await desk.press("escape", "home")
            await desk.shows("Messages are erased 365 days after a ", "  conversation's end.", "line 00")
            await desk.press("G")
            await desk.shows("line 39")

    @pytest.mark.parametrize("size", [(12, 5), (28, 24)])
    async def test_it_starts_and_goes_everywhere_in_very_little_room(
        self, core: FakeCore, tmp_path: Path, size: tuple[int, int]
    ) -> None:
        core.receive(ONE, "Where is it?", owner="ann")
        core.receive(TWO, "And mine?")
        async with desk_on(core, tmp_path, size=size) as desk:
            await desk.press("right", "right", "right", "f1", "f4", "f5", "f2", "w", "escape", "t", "escape")
            await desk.press("c", "escape", "ctrl+p")
            await desk.press("escape", "enter", "h", "i")
            await desk.until(lambda: "hi" in desk.app.desk.model.compose.drafts.values(), "the letters")

    async def test_going_up_loads_older_messages_and_holds_the_place(self, core: FakeCore, tmp_path: Path) -> None:
        for number in range(120):
            core.receive(ONE, f"message number {number}", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("enter")
            await desk.shows("message number 119")
            await desk.press("escape", "g")
            await desk.until(lambda: len(desk.app.desk.model.transcript.messages) == 100, "the page before")  # type: ignore[union-attr]
            await desk.shows("message number 70")
            await desk.press("g")
            await desk.until(lambda: len(desk.app.desk.model.transcript.messages) == 120, "the first page")  # type: ignore[union-attr]
            await desk.press("g")
            await desk.shows("message number 0 ")
            core.receive(ONE, "a late one", owner="ann")
            await desk.shows("↓ 1 new message below")
            assert "a late one" not in desk.rows[-3]
            await desk.press("G")
            await desk.hides("new message below")

    async def test_the_list_follows_the_work_and_the_cursor_its_conversation(
        self, core: FakeCore, tmp_path: Path
    ) -> None:
        for consumer in (ONE, TWO, THREE):
            core.receive(consumer, "hello", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("j")
            view = desk.app.main.target
            assert view is not None and view.consumer == TWO
            core.write(conversation_of(core, ONE), "done")
            await desk.shows("→ done", "2 need you")
            view = desk.app.main.target
            assert view is not None and view.consumer == TWO

    async def test_filter(self, core: FakeCore, tmp_path: Path) -> None:
        core.receive(ONE, "my parcel", owner="ann")
        core.receive(TWO, "my lamp", owner="ann")
        async with desk_on(core, tmp_path) as desk:
            await desk.press("slash")
            await desk.type("lamp")
            await desk.hides("my parcel")
            await desk.press("enter", "enter")
            await desk.shows(f"{TWO}  → ")
            await desk.press("f2", "right", "left")
            await desk.hides("my parcel")
            lamp = desk.app.main.desk.model.shown
            await desk.press("escape")
            await desk.shows("my parcel", "my lamp")
            assert desk.app.main.desk.model.shown == lamp

    async def test_hostile_text_is_only_text(self, core: FakeCore, tmp_path: Path) -> None:
        evil = "[bold red]x[/] \x1b[2J\x1b]52;c;aGk=\x07 \u202egnp.exe \x00 a\r\nb \x9b31m"
        core.receive(ONE, evil, owner="ann")
        core.receive(TWO, "a\u0301" * 400, owner="ann")
        core.agents["ann"] = replace(core.agents["ann"], name="\x1b[5mann")
        core.role = "administrator"
        core.tell_accounts([account("ma\x1bin", state="\x1b[31mdown", words=evil)])
        core.hooks = [HookView("H", core.now(), evil, evil, evil, evil, evil)]
        async with desk_on(core, tmp_path) as desk:
            screens = [desk.text]
            for keys in (("enter",), ("f4",), ("h",)):
                await desk.press(*keys)
                screens.append(desk.text)
            await desk.shows("became no message", "[bold red]x[/]")
            screens.append(desk.text)
            for screen in screens:
                assert all(char == "\n" or char.isprintable() or char in "\u200d\ufe0f" for char in screen)
                assert "\u202e" not in screen
            assert "[bold red]x[/]" in screens[0] and "[bold red]x[/]" in screens[1]

    @pytest.mark.slow
    async def test_ten_thousand_conversations(self, core: FakeCore, tmp_path: Path) -> None:
        now = core.now()
        for number in range(10_000):
            name = f"C{number:06d}"
            core.conversations[name] = conversation(
                id=name, consumer=f"+1555{number:07d}", agent="ben", last_at=now - number, last_text=f"text {number}"
            )
        async with desk_on(core, tmp_path) as desk:
            await desk.resize(140, 36)
            await desk.press("left")
            await desk.shows("▸All 10,000", "+15550000000")
            await desk.press("G")
            await desk.shows("+15550009999", "10,000 of ")
            await desk.press("k", "k", "ctrl+u", "g")
            await desk.shows("1 of ")
            core.receive("+15550007777", "news", owner="ben")
            await desk.shows("news", "2 of ", "▸All 10,001")
