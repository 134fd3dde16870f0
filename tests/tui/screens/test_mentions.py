"""Notes that mention the agent, and naming colleagues in a note, at the desk."""

from __future__ import annotations

from pathlib import Path

from connector.wire import requests
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked, conversation_of

ONE, TWO = "+15550101", "+15550102"


async def test_a_mention_is_gone_to_and_over_once_it_is_open(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ben")
    core.receive(TWO, "hello", owner="ben")
    core.mention(conversation_of(core, ONE), "@ann, is this right?", "ben")  # before the desk is there
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.shows("1 needs you", "1 @ you")
        core.mention(conversation_of(core, TWO), "@ann, and this?", "ben")
        await desk.shows(f"ben mentions you: {TWO} · n goes there (^n while writing).", "2 need you", "2 @ you")
        await desk.press("n")
        await desk.shows("@ann, is this right?", "1 @ you")
        await desk.press("escape", "n")
        await desk.shows("@ann, and this?", "nothing needs you")
        seen = [one.conversation_id for one in asked(core, requests.SeeMentions)]
        assert seen == [conversation_of(core, ONE), conversation_of(core, TWO)]


async def test_one_is_over_in_whichever_pane_it_is_seen(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    core.receive(TWO, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(160, 40)) as desk:
        await desk.press("enter", "escape")
        await desk.press("vertical_line")
        await desk.until(lambda: desk.app.desk.model.panes.other is not None, "two panes")
        other = desk.app.desk.model.panes.other
        assert other is not None and desk.app.desk.model.shown != other.conversation_id
        core.mention(other.conversation_id, "@ann, look", "ben")
        await desk.shows("@ann, look")
        await desk.until(lambda: asked(core, requests.SeeMentions), "that it was seen")
        assert [one.conversation_id for one in asked(core, requests.SeeMentions)] == [other.conversation_id]
        await desk.hides("1 @ you")
        await desk.resize(120, 40)
        core.mention(other.conversation_id, "@ann, and this", "ben")
        await desk.shows("1 @ you")
        assert len(asked(core, requests.SeeMentions)) == 1, "its pane is not in sight"


async def test_tab_puts_in_the_name_that_is_being_typed(core: FakeCore, tmp_path: Path) -> None:
    core.receive(ONE, "hello", owner="ann")
    async with desk_on(core, tmp_path, size=(80, 24)) as desk:
        await desk.press("m")
        await desk.type("ask @b")
        await desk.shows("@ben", "tab puts it in")
        await desk.press("tab")
        await desk.hides("tab puts it in")
        await desk.type("about it")
        await desk.press("enter")
        await desk.until(lambda: asked(core, requests.WriteNote), "the note")
        assert [one.text for one in asked(core, requests.WriteNote)] == ["ask @ben about it"]
