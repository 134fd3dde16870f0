"""`textdesk watch --only` and `--exec` against a real core."""

from __future__ import annotations

import asyncio
import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from connector.base.supervise import Supervisor
from connector.cli.parser import parser
from connector.cli.verbs import watch
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.wire import requests
from tests.kit.commands import PATIENCE_S
from tests.kit.door import open_door


def parsed(*arguments: str) -> Namespace:
    return parser().parse_args(["watch", *arguments])


def test_all_behind_exec_is_the_command() -> None:
    options = parsed("--only", "alerts", "--json", "--exec", "page", "--json", "-x", "--", "--exec", "last")
    assert (options.only, options.json, options.timeout) == ("alerts", True, 30.0)
    assert options.exec == ["page", "--json", "-x", "--", "--exec", "last"]
    assert parsed().exec is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "alrts"], "no events alrts: did you mean alerts"),
        (["--only", "overdue,message_recieved"], "did you mean message_received"),
        (["--only", ","], "--only names types"),
        (["--exec"], "--exec wants the command"),
        (["--exec", "no-such-command-here"], "There is no command no-such-command-here"),
        (["--timeout", "0", "--exec", "true"], "--timeout is more than 0"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_core_is_looked_for(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandFailed, match=words):
        watch.check(parsed(*arguments))


async def test_a_command_is_run_for_each_wanted_event_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "events"
    script = 'sleep 0.0$(date +%N | cut -c9); cat >> "$1"; exit 3'
    options = parsed("--only", "agent_changed", "--json", "--exec", "/bin/sh", "-c", script, "x", str(out))
    async with (
        asyncio.timeout(PATIENCE_S),
        open_door(tmp_path) as door,
        await door.signed_in("bob", role="desk"),
        Link(CoreAddress(tmp_path, agent="ann")) as own,
        Link(CoreAddress(tmp_path, agent="bob")) as other,
        Supervisor() as tasks,
    ):

        async def watching() -> None:
            await watch.run(own, options)

        tasks.start("watch", watching())
        for presence in ("away", "back_soon", "online", "away"):
            await other.ask(requests.SetPresence(presence))
        while not out.exists() or out.read_text().count("\n") < 4:
            await asyncio.sleep(0.01)
        tasks.stop()
    events: list[Any] = [json.loads(line) for line in out.read_text().splitlines()]
    assert [event["agent"]["presence"] for event in events] == ["away", "back_soon", "online", "away"]
    assert [event["position"] for event in events] == sorted(event["position"] for event in events)
    printed, notes = capsys.readouterr()
    ended = [json.loads(line) for line in printed.splitlines()]
    assert ended[0]["type"] == "watching"
    assert {(line["type"], line["exit_code"]) for line in ended[1:]} == {("agent_changed", 3)}
    assert "/bin/sh for agent_changed" in notes and "ended with 3" in notes
