"""Which conversation keys are about: the one that is shown, whatever is typed ahead and whatever moves meanwhile."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.events import Key

from connector.wire import events, requests
from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of
from tests.kit.screen import desk_process
from tui.core.workspace import Workspace
from tui.terminal.input.letters import Letters

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"
F2 = b"\x1b[12~"


def shown(desk: DeskInHand) -> str | None:
    view = desk.app.main.target
    return view.consumer if view is not None else None


class Agent:
    """What keys mean to an agent who knows the rules and looks at nothing."""

    def __init__(self, count: int, chance: random.Random) -> None:
        self.at, self.is_writing = 0, False
        self.drafts, self.notes = [""] * count, [list[str]() for _ in range(count)]
        self._been_to: set[int] = set()
        self._chance = chance
        self._said = 0

    def next_keys(self) -> bytes:
        if self.is_writing and self._chance.random() < 0.6:
            return self._writes()
        if self.is_writing:
            return self._chance.choice([self._goes_round, self._leaves])()
        ways = [self._moves, self._moves, self._opens, self._goes_round, self._notes, self._looks]
        return self._chance.choice(ways)()

    def _words(self) -> str:
        self._said += 1
        return f"xbdtau{self._said}"  # each letter is a command elsewhere

    def _writes(self) -> bytes:
        words = self._words()
        self.drafts[self.at] += words
        return words.encode()

    def _moves(self) -> bytes:
        by = self._chance.choice([1, -1])
        self.at = max(0, min(self.at + by, len(self.drafts) - 1))
        return b"j" if by > 0 else b"k"

    def _opens(self) -> bytes:
        self.is_writing = True
        self._go(None, self.at)
        return b"\r"

    def _leaves(self) -> bytes:
        self.is_writing = False
        return F2

    def _goes_round(self) -> bytes:
        key = b"\x0e" if self.is_writing else b"n"
        left = self.at if self.is_writing else None
        others = [one for one in range(len(self.drafts)) if one != left]
        to = next((one for one in others if one not in self._been_to), others[0])
        self._go(left, to)
        self.at, self.is_writing = to, True
        return key

    def _go(self, left: int | None, to: int) -> None:
        if all(one in self._been_to for one in range(len(self.drafts)) if one != left):
            self._been_to = {to}
        else:
            self._been_to |= {to} if left is None else {left, to}

    def _notes(self) -> bytes:
        words = self._words()
        self.notes[self.at].append(words)
        return b"m" + words.encode() + b"\r"

    def _looks(self) -> bytes:
        return self._chance.choice([b"w", b"\x1b[14~", b"\x1bOP"]) + F2  # why, providers, help


@pytest.mark.slow
async def test_keys_typed_ahead_go_where_an_agent_means_them_to(core: FakeCore, tmp_path: Path) -> None:
    chance = random.Random(2)
    ids = [core.receive(f"+1555010{number}", "hello", owner="ann").conversation_id for number in range(5)]
    agent = Agent(len(ids), chance)
    async with desk_process("--socket", str(core.path), "--agent", "ann", state=tmp_path) as desk:
        await desk.shows("linked", "hello")
        for _ in range(30):
            desk.write(b"".join(agent.next_keys() for _ in range(chance.randint(1, 6))))
        desk.write(F2 + b"\x10away\r\x1b[B\r")
        await desk.shows("○ away")
        noted: list[list[str]] = [[] for _ in ids]
        for body in asked(core, requests.WriteNote):
            assert isinstance(body, requests.WriteNote)
            noted[ids.index(body.conversation_id)].append(body.text)
        assert noted == agent.notes
        kinds = (requests.Reply, requests.Close, requests.GiveBack, requests.Decline, requests.Accept)
        assert not any(asked(core, kind) for kind in kinds)
        desk.write(b"\x11\x11")
        await desk.ended()
    workspace = Workspace(next(tmp_path.rglob("desk-1.json")).parent)
    assert [workspace.drafts().get(one, "") for one in ids] == agent.drafts
    workspace.close()


async def test_the_pane_follows_the_cursor_and_nothing_comes_of_it(core: FakeCore, tmp_path: Path) -> None:
    for consumer in (ONE, TWO):
        core.receive(consumer, f"from {consumer}", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        desk.app.desk.set_draft(conversation_of(core, TWO), "half a tho")
        await desk.press("j")
        await desk.shows(f"{TWO}  → ", f"from {TWO}", "preview: nothing is marked read", "half a tho", "10 of 1,600")
        assert shown(desk) == TWO and not desk.app.desk.model.is_entered
        await desk.press("x")
        await desk.shows(f"Your draft to {TWO} is not sent, and they wait for an answer. Press the key again")
        await desk.press("k", "x")  # another conversation: the first press of the key does not count
        await desk.shows(f"{ONE}  → ", f"{ONE} waits for an answer. Press the key again")
        history = len(asked(core, requests.GetHistory))
        await desk.press("j")
        kept = desk.app.desk.model.transcript
        assert kept is not None and kept.messages  # at once
        await desk.until(lambda: len(asked(core, requests.GetHistory)) > history, "what may be new")
        assert not asked(core, requests.Close) and not asked(core, requests.MarkRead)
        await desk.press("enter")
        await desk.until(
            lambda: asked(core, requests.MarkRead) == [requests.MarkRead(conversation_of(core, TWO))], "it being read"
        )
        await desk.press("f2")
        desk.app.post_message(Letters([Key("enter", "\r"), *(Key(char, char) for char in "ught")]))
        await desk.paste(", pasted")  # in the same read, behind the letters
        await desk.until(lambda: desk.app.main.compose_area.text == "half a thought, pasted", "it in its order")


async def test_a_filter_that_finds_late_shows_no_other_conversation_to_an_agent_who_writes(
    core: FakeCore, tmp_path: Path
) -> None:
    for consumer in (ONE, TWO):
        core.receive(consumer, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        main = desk.app.main
        await desk.press("slash")
        main.list_pane.filter_input.value = "hello"
        main.show_conversation(conversation_of(core, TWO))
        await desk.until(lambda: main.desk.listing.filter == "hello", "the filter")
        await desk.type("ok")
        assert shown(desk) == TWO and main.compose_area.text == "ok"


async def test_what_a_filter_has_not_found_yet_is_not_opened(
    core: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys typed ahead of a long list open nothing else in its place."""
    monkeypatch.setattr("tui.model.listing._AT_ONCE", 0)
    monkeypatch.setattr("tui.widgets.list_pane._TURN_S", 0.0)
    monkeypatch.setattr("tui.widgets.list_pane._PAUSE_S", 3_600.0)
    for number in range(201):
        core.receive(f"+1555{number:07}", "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("slash")
        await desk.type("0000200")
        await desk.press("enter", "enter")
        await desk.shows("The filter has found nothing yet.")
        assert not desk.app.desk.model.is_entered


async def test_what_leaves_the_list_keeps_its_row_and_the_keys(core: FakeCore, tmp_path: Path) -> None:
    for consumer in (ONE, TWO, THREE):
        core.receive(consumer, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("j")
        core.change(conversation_of(core, TWO), events.ConversationAssigned, agent="ben")
        await desk.shows("Mine 2")
        rows = [row for row in desk.rows if "+155501" in row]
        assert [row.split("+155501")[1][:2] for row in rows] == ["01", "02", "03"] and rows[1].startswith("▌")
        await desk.press("x")
        await desk.shows("Only its owner can close a conversation: ben has this one.")
        await desk.press("j")
        assert shown(desk) == THREE
        await desk.press("k")
        assert shown(desk) == ONE and sum("+155501" in row for row in desk.rows) == 2


async def test_a_key_so_soon_after_the_list_has_moved_by_itself_asks(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        controller = desk.app.desk
        core.write(conversation_of(core, ONE), "done")
        await desk.shows("→ done")
        controller.preview(conversation_of(core, ONE), by_agent=False)
        await desk.press("x")
        await desk.shows(f"The list has just moved: this is {ONE}. Press the key again.")
        assert not asked(core, requests.Close)
        await desk.press("x")
        await desk.shows(f"{ONE}: closed.")


@pytest.mark.parametrize("key", ["a", "m", "w"])
async def test_so_does_every_key_that_acts_on_what_is_shown(core: FakeCore, tmp_path: Path, key: str) -> None:
    core.receive(ONE, "hello")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("right")
        await desk.shows("hello")
        desk.app.desk.preview(conversation_of(core, ONE), by_agent=False)
        await desk.press(key)
        await desk.shows(f"The list has just moved: this is {ONE}. Press the key again.")
        assert not asked(core, requests.Accept) and desk.app.screen is desk.app.main


async def test_text_stays_text_whatever_becomes_of_the_conversation(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.receive(TWO, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("n")
        for event, state, agent in (
            (events.ConversationAssigned, "assigned", "ben"),
            (events.ConversationQueued, "queued", None),
            (events.ConversationClosed, "closed", None),
        ):
            core.change(conversation_of(core, ONE), event, state=state, agent=agent)
            await desk.until(lambda state=state: desk.app.main.target.state == state, state)  # type: ignore[misc,union-attr]
            await desk.type("xdba")
        await desk.press("enter")
        await desk.shows("Closed: ", "xdba" * 3)
        assert shown(desk) == ONE and not asked(core, requests.Reply) and not asked(core, requests.Accept)
        await desk.press("ctrl+n")
        await desk.type("hm")
        await desk.until(lambda: shown(desk) == TWO, "the other")
        assert dict(desk.app.desk.model.compose.drafts) == {
            conversation_of(core, ONE): "xdba" * 3,
            conversation_of(core, TWO): "hm",
        }


async def test_the_filter_opens_from_the_transcript_and_closing_opens_nothing(core: FakeCore, tmp_path: Path) -> None:
    core.wrap_up_s = 600
    core.write(core.receive(ONE, "hello", owner="ann").conversation_id, "bye")
    core.receive(TWO, "a lamp", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("enter", "escape", "slash")
        await desk.type("lamp")
        await desk.shows("1 of 1", "/lamp")
        assert desk.app.main.list_pane.filter_input.value == "lamp"
        await desk.press("escape", "G", "x")
        await desk.shows(f"{ONE}: closed. X records the outcome, u reopens it.")
        await desk.press("u")
        await desk.shows(f"{ONE}: open again.")


async def test_a_filter_that_finds_nothing_here_looks_in_all_lists(core: FakeCore, tmp_path: Path) -> None:
    """And what is typed while it has found nothing is no command."""
    core.receive(ONE, "hello", owner="ann")
    core.receive(TWO, "good evening")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("slash")
        await desk.type("5550109")
        await desk.shows("Nothing here matches “5550109”.", "enter looks in all lists.")
        await desk.press("enter", "enter")
        await desk.shows("Nothing in any list matches “5550109”.")
        await desk.press("x", "n", *["backspace"] * 3, "2", "enter")
        await desk.until(lambda: shown(desk) == TWO, "the one that is in another list")
        await desk.press("enter")
        await desk.type("Good evening")
        assert dict(desk.app.desk.model.compose.drafts) == {conversation_of(core, TWO): "Good evening"}
        await desk.press("escape", "escape", "escape")
        await desk.shows("▸Mine 1")
        await desk.press("enter", "ctrl+n")
        await desk.shows(f"You have a draft to {TWO}: what you write goes on with it.")
    assert not asked(core, requests.Close) and not asked(core, requests.Accept)


async def test_the_key_of_the_round_goes_back_to_the_only_one_that_needs_somebody(
    core: FakeCore, tmp_path: Path
) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("n")
        await desk.shows("enter send")
        await desk.press("n", "ctrl+n")
        await desk.shows("Nothing else needs you now.")
        await desk.press("escape", "n")
        await desk.shows("enter send")
        assert desk.app.main.compose_area.has_focus and desk.app.main.compose_area.text == "n"
