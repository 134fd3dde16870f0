"""Two conversations beside each other."""

from __future__ import annotations

from pathlib import Path

from tests.kit.desk import DeskInHand, desk_on
from tests.kit.fake_core import FakeCore

ONE, TWO, THREE = "+15550101", "+15550102", "+15550103"


def half(desk: DeskInHand, side: int) -> str:
    """What one of the panes shows."""
    region = desk.app.main.panes[side].region
    return "\n".join(row[region.x : region.right] for row in desk.rows[region.y : region.bottom])


def replies(core: FakeCore) -> list[tuple[str, str]]:
    return [(message.consumer, message.text) for message in core.messages if message.direction == "reply"]


async def test_each_pane_has_its_own_draft_and_keys_mean_the_active_one(core: FakeCore, tmp_path: Path) -> None:
    for consumer, text in ((ONE, "Where is it?"), (TWO, "Are you open?"), (THREE, "Third")):
        core.receive(consumer, text, owner="ann")
    async with desk_on(core, tmp_path, size=(160, 40)) as desk:
        await desk.press("enter")
        await desk.type("first")
        assert len(desk.app.main.panes) == 1
        await desk.press("f7")
        await desk.shows("Where is it?", "Are you open?", "5 of 1,600", "0 of 1,600")
        await desk.type("second")
        assert "first" in half(desk, 0) and f"to {ONE} ─" in half(desk, 0) and "second" not in half(desk, 0)
        assert "F6 other pane" in half(desk, 0) and "enter send" in half(desk, 1)
        assert "second" in half(desk, 1) and f"to {TWO} ─" in half(desk, 1)

        core.receive(ONE, "Hello? (left)", owner="ann")
        await desk.until(lambda: "Hello? (left)" in half(desk, 0), "the text in the pane that is not active")
        assert core.conversations[next(iter(core.conversations))].unread

        await desk.press("f6", "enter")
        await desk.until(lambda: replies(core) == [(ONE, "first")], "the reply")
        await desk.press("f6")
        await desk.type("!")
        await desk.resize(120, 40)
        await desk.shows("second!")
        await desk.hides(f"{ONE} ─")
        await desk.press("f6")
        await desk.shows(f"{ONE} ─")
        await desk.press("f6", "enter")
        await desk.until(lambda: replies(core)[-1] == (TWO, "second!"), "the other reply")
        await desk.resize(160, 40)
        await desk.shows(f"to {ONE} ─", f"to {TWO} ─")

        await desk.press("ctrl+n")
        await desk.shows(f"{THREE} ─")
        await desk.press("f7")
        await desk.hides(f"{ONE} ─")
        assert replies(core) == [(ONE, "first"), (TWO, "second!")]
