"""`textdesk start` without `--line`: only lines that this agent may text consumers first from are offered."""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.cli.verbs import start
from connector.client.core_address import CoreAddress
from connector.client.errors import RequestRefused
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import requests
from connector.wire.refusals import RefusalCode
from tests.kit.commands import textdesk
from tests.kit.door import PATIENCE_S, Door, ask, open_door
from tests.kit.fake_core import FakeCore, asked
from tests.kit.use_cases import rules

OPTIONS = Namespace(line=None, number="+15550123", text="", confirmed=False, override=False)
RETURNS = rules(address="+15550109", skill="returns")


async def started(door: Door, folder: Path, skill: str) -> None:
    """An agent of one skill, signed in by token, texts a consumer first; the text is blank and never sent."""
    async with await door.signed_in("root") as admin:
        await ask(admin, {"type": "add_agent", "agent": skill, "skills": [skill]})
        token = (await ask(admin, {"type": "issue_token", "agent": skill}))["body"]["token"]
    async with Link(CoreAddress(folder, (f"ws://127.0.0.1:{door.port}",), token)) as link:
        await start.run(link, OPTIONS)


async def test_lines_of_other_skills_are_not_offered(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_S), open_door(tmp_path) as door:
        lines = {line.address: line for line in (rules(), RETURNS, replace(RETURNS, address="+15550108"))}
        door.core.brand.current = replace(door.core.brand.current, lines=lines)
        with pytest.raises(RequestRefused, match="no text"):  # the only line there is for them
            await started(door, tmp_path, "orders")
        with pytest.raises(CommandFailed, match=r"Say from which line \(--line\): \+15550109, \+15550108\.$"):
            await started(door, tmp_path, "returns")
        with pytest.raises(CommandFailed, match="no line that you may text") as none:
            await started(door, tmp_path, "billing")
        assert none.value.exit_code == os.EX_NOPERM


async def test_a_name_texts_the_one_contact_who_has_it(tmp_path: Path) -> None:
    async with FakeCore(tmp_path / "desk.sock") as core:
        core.record("+15550171", name="Renée Dubois")
        core.record("+15550172", name="Renée Ito")
        here = ("--data", str(tmp_path), "--agent", "ann", "--no-wait")

        several = await textdesk("start", "renée", "Hello", "--line", "12345", *here)
        assert several.code == os.EX_USAGE
        assert "+15550171 (Renée Dubois), +15550172 (Renée Ito): give the number." in several.err
        unknown = await textdesk("start", "Ren", "Hello", "--line", "12345", *here)
        assert unknown.code == 1 and "No contact is called Ren:" in unknown.err
        assert not asked(core, requests.Start)

        await textdesk("start", "Renée Ito", "Hello", "--line", "12345", *here)
        assert [one.consumer for one in asked(core, requests.Start)] == ["+15550172"]


async def test_a_line_is_named_by_its_last_digits(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_S), open_door(tmp_path) as door:
        lines = {line.address: line for line in (rules(), RETURNS)}
        door.core.brand.current = replace(door.core.brand.current, lines=lines)
        async with await door.signed_in("root") as admin:
            await ask(admin, {"type": "add_agent", "agent": "lea"})
            token = (await ask(admin, {"type": "issue_token", "agent": "lea"}))["body"]["token"]
        async with Link(CoreAddress(tmp_path, (f"ws://127.0.0.1:{door.port}",), token)) as link:
            for named, refused in (("0109", RefusalCode.EMPTY), ("010", RefusalCode.UNKNOWN_LINE)):
                with pytest.raises(RequestRefused) as no:  # the text is blank, the line of the last two is not known
                    await start.run(link, Namespace(**{**vars(OPTIONS), "line": named}))
                assert no.value.code == refused, named
