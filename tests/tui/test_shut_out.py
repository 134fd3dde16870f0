"""An agent who is disabled, or whose token is revoked, while their desk is open."""

from __future__ import annotations

import os
from pathlib import Path

from immutables import Map
from msgspec.structs import replace

from connector.sms.text import cells
from connector.wire import requests
from tests.kit import models
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore
from tests.kit.views import conversation
from tui.actions.keys import DEFAULT_NAMES
from tui.core.workspace import Workspace
from tui.draw.shut_out import shut_out_page
from tui.model import sight
from tui.model.state import Model, PendingRequest, SentReply

ONE, TWO = "+15550101", "+15550102"
WORDS = "The agent ann is disabled: ask an administrator."
REASON = f"The core does not let you in: {WORDS}"


def test_nothing_from_the_core_is_left_and_everything_the_agent_has_written() -> None:
    view = conversation()
    reply = requests.Reply(view.id, "On its way")
    model = models.desk(view)
    sent = SentReply("m1", view.id, 0)
    written = replace(
        model,
        compose=replace(model.compose, drafts=Map({view.id: "Dear"}), typed=(("m1", "sent"),), sent=sent),
        pending=Map({"r1": PendingRequest("r1", reply, 0)}),
    )
    left = sight.shut_out(written)
    assert (left.compose.drafts, left.compose.typed, left.pending) == (written.compose.drafts, (), written.pending)
    assert left.compose.sent is None
    assert left == replace(Model(keys=DEFAULT_NAMES), compose=left.compose, pending=left.pending)


def test_the_whole_reason_is_on_the_page_at_any_width() -> None:
    for width in (20, 40, 80, 120):
        lines = ["".join(piece for piece, _ in line) for line in shut_out_page(REASON, DEFAULT_NAMES, width, 22)]
        assert all(cells(line) <= width for line in lines)
        words = " ".join(line.strip() for line in lines if line.strip())
        assert words.startswith(REASON)
        assert "An administrator can put that right." in words
        assert words.endswith("It tries again; ^q leaves.")


async def test_the_desk_shows_why_and_nothing_else_until_they_are_let_in_again(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "Where is my parcel?", owner="ann")
    core.receive(TWO, "Hello?", owner="ann")
    async with desk_on(core, tmp_path, size=(40, 24)) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        await desk.type("On its way")
        await desk.press("f1")
        await core.shut_out(WORDS)
        await desk.shows("The core does not let you in", "^q leave")
        assert not any(each in desk.text for each in (ONE, TWO, "parcel", "On its way", "online", "yours"))
        assert WORDS in " ".join(row.strip() for row in desk.rows)
        model = desk.app.desk.model
        assert not model.conversations.by_id and model.transcript is None and model.agents.me is None
        assert not desk.app.desk.listing.open_mine

        before = len(core.asked)
        await desk.press("f2", "n", "escape", "enter", "f4")
        assert "The core does not let you in" in desk.text and len(core.asked) == before

        core.refuses_desks = ""
        await desk.shows("linked", "▸Mine 2")
        await desk.press("enter")
        await desk.shows("On its way")


async def test_ctrl_q_leaves_at_once_and_says_why_with_the_draft_on_disk(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "Where is my parcel?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        await desk.type("Dear")
        await core.shut_out(WORDS)
        await desk.shows("The core does not let you in")
        await desk.press("ctrl+q")
        await desk.until(lambda: desk.app.return_code == os.EX_NOPERM, "its end")
        assert desk.app.exit_words == REASON
    workspace = Workspace(tmp_path)
    assert list(workspace.drafts().values()) == ["Dear"]
    workspace.close()
