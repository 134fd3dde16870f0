"""`textdesk hand-on`, against a real core: what goes where, odd arguments, and over TCP who may."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.kit.commands import Done, textdesk
from tests.kit.ports import free_port
from tests.kit.running import CONSUMER, Desk, Town, town
from tests.kit.staff import STAFF

OTHER = "+447700900144"
LEADS = """
[agents.lea]
name = "Lea"
lead = true
capacity = 0
[agents.leo]
name = "Leo"
lead = true
skills = ["bookings"]
"""


@asynccontextmanager
async def anns_two(tmp_path: Path, more: str = STAFF + LEADS) -> AsyncIterator[Town]:
    """Ann owns two, and has gone home."""
    async with town(tmp_path / "town", more=more) as made:
        async with Desk(made.core, agent="ann") as desk:
            for one in (CONSUMER, OTHER):
                await made.text("hello", sender=one)
            await desk.until(lambda: len(desk.told("conversation_assigned")) == 2, "two of them")
        yield made


async def hand_on(made: Town, *arguments: str, by: str = "lea") -> Done:
    return await textdesk("hand-on", *arguments, "--data", str(made.core.data), "--agent", by)


async def owners(made: Town) -> list[str | None]:
    queue = await textdesk("queue", "--all", "--json", "--data", str(made.core.data), "--agent", "lea")
    return [one["agent"] for one in queue.lines]


@pytest.mark.slow
async def test_all_goes_to_the_queue_and_who_is_named_and_does_not_see_it_is_said(tmp_path: Path) -> None:
    async with anns_two(tmp_path) as made:
        done = await hand_on(made, "ann", "--note", "Over to you, @cid and @bob")
        assert (done.code, done.err) == (0, "")
        assert done.out == (
            "ann is off duty. 2 conversations went back to the queue.\n"
            "cid does not see all of them, and is not told of your note there.\n"
        )
        assert await owners(made) == [None, None]
        again = await hand_on(made, "ann", "--json")
        assert again.lines == [{"agent": "ann", "conversation_ids": [], "refused": []}]
        said = await textdesk("show", CONSUMER, "--json", "--data", str(made.core.data), "--agent", "lea")
        assert [one["text"] for one in said.lines if one["direction"] == "note"] == ["Over to you, @cid and @bob"]


@pytest.mark.slow
async def test_to_oneself_to_somebody_and_what_nobody_can_take(tmp_path: Path) -> None:
    async with anns_two(tmp_path) as made:
        stranded = await hand_on(made, "ann", "--skill", "bookings", "--json")
        assert (stranded.code, stranded.lines[0]["refused"]) == (1, "would_strand")
        mine = await hand_on(made, "ann", "--to", "lea", "--note", "@cid", "--json")
        (line,) = mine.lines
        assert (line["agent"], len(line["conversation_ids"]), line["not_told"]) == ("ann", 2, ["cid"])
        assert await owners(made) == ["lea", "lea"]
        async with Desk(made.core, agent="bob"):
            given = await hand_on(made, "lea", "--to", "bob")
            assert given.out == "lea is off duty. 2 conversations went to bob.\n"
            other = await hand_on(made, "lea", by="leo")
            assert other.code == 0, "their own doing gives way to another's, as there is nothing left"


@pytest.mark.slow
async def test_what_is_no_agent_or_skill_is_refused_and_nothing_happens(tmp_path: Path) -> None:
    async with anns_two(tmp_path) as made:
        for arguments, code, words in (
            (["zoe"], "unknown_agent", "zoe"),
            (["ann", "--to", "zoe"], "unknown_agent", "zoe"),
            (["ann", "--skill", "chess"], "unknown_skill", "chess"),
            (["ann", "--to", "ann"], "bad_request", "They are Ann's already."),
        ):
            refused = await hand_on(made, *arguments, "--json")
            assert (refused.code, refused.lines[0]["refused"]) == (1, code), arguments
            assert words in refused.lines[0]["words"]
        assert await owners(made) == ["ann", "ann"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [([], "AGENT"), (["ann", "--to", "bob", "--skill", "orders"], "not allowed with"), (["ann", "bob"], "bob")],
)
async def test_wrong_usage_needs_no_core(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = await textdesk("hand-on", *arguments, "--data", str(tmp_path))
    assert (done.code, done.out) == (os.EX_USAGE, "") and words in done.err


@pytest.mark.slow
async def test_over_tcp_it_is_for_who_leads_all_that_the_colleague_has_or_for_oneself(tmp_path: Path) -> None:
    port, staff = free_port(), STAFF + LEADS
    for one in ("ann", "bob", "lea", "leo"):
        staff = staff.replace(f"[agents.{one}]", f'[agents.{one}]\ntoken = "token of {one}"')
        (tmp_path / one).write_text(f"token of {one}\n")
    where = ("--url", f"ws://127.0.0.1:{port}", "--json", "--token-file")
    async with anns_two(tmp_path, f'[desks]\nlisten = "127.0.0.1:{port}"\n{staff}') as made:
        for one, words in (("bob", "Only leads end the shift of a colleague"), ("leo", "Ann has more skills")):
            refused = await textdesk("hand-on", "ann", *where, str(tmp_path / one))
            assert (refused.code, refused.lines[0]["refused"]) == (os.EX_NOPERM, "not_allowed"), one
            assert words in refused.lines[0]["words"]
        assert await owners(made) == ["ann", "ann"]
        led = await textdesk("hand-on", "ann", "--to", "lea", *where, str(tmp_path / "lea"))
        assert (led.code, len(led.lines[0]["conversation_ids"])) == (0, 2)
        own = await textdesk("hand-on", "bob", *where, str(tmp_path / "bob"))
        assert own.code == 0 and own.lines[0]["conversation_ids"] == []
