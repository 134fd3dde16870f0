"""`textdesk agents --since`, also where the spans of all agents are too many for one answer."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from pathlib import Path

import pytest

from connector.cli.verbs import agents
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.wire import limits
from tests.kit.commands import PATIENCE_S
from tests.kit.door import open_door

OPTIONS = Namespace(since="1h", json=True)


@pytest.mark.parametrize("limit", [limits.PRESENCE_SPANS, 1])
async def test_the_seconds_of_each_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limit: int
) -> None:
    monkeypatch.setattr(limits, "PRESENCE_SPANS", limit)
    async with (
        asyncio.timeout(PATIENCE_S),
        open_door(tmp_path) as door,
        await door.signed_in("ann", role="desk"),
        await door.signed_in("bob", role="desk"),
        Link(CoreAddress(tmp_path, agent="ann")) as link,
    ):
        assert await agents.run(link, OPTIONS) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["id"], list(one["seconds"])) for one in found] == [("ann", ["online"]), ("bob", ["online"])]
