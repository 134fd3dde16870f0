"""A command for one event: what it is given, how its end is told, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from connector.base.supervise import Supervisor
from connector.cli.event_command import EndedCommand, run_for_event
from connector.console.output import json_line
from tests.kit.commands import PATIENCE_S

HOSTILE = json_line({"type": "message_received", "text": "$(touch owned) `id`; ' \"\n\x1b[2J --json \0"})


def shell(script: str, *arguments: str) -> list[str]:
    """A command of a test's own: the shell is what is run, and not what runs it."""
    return ["/bin/sh", "-c", script, "name", *arguments]


async def test_the_event_is_on_its_input_and_nowhere_else(tmp_path: Path) -> None:
    command = shell('cat > "$1"; echo "$#" > "$1.count"; env > "$1.env"', str(tmp_path / "out"))
    ended = await run_for_event(command, HOSTILE, PATIENCE_S)
    assert (ended.exit_code, ended.words) == (0, "")
    assert (tmp_path / "out").read_text() == f"{HOSTILE}\n"
    assert json.loads((tmp_path / "out").read_text())["text"].startswith("$(touch owned)")
    assert (tmp_path / "out.count").read_text() == "1\n"
    assert "owned" not in (tmp_path / "out.env").read_text()
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (shell("exit 3"), 3, "ended with 3"),
        (shell("kill -9 $$"), -9, "ended by signal 9"),
        (shell("exec <&-; exit 0"), 0, ""),
        (["/no/such/command"], None, "could not be started: No such file or directory"),
        (["/"], None, "could not be started: Permission denied"),
    ],
)
async def test_how_it_ended_is_told(command: list[str], code: int | None, words: str) -> None:
    ended = await run_for_event(command, "x" * 1_000_000, PATIENCE_S)
    assert (ended.exit_code, ended.words) == (code, words)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until_written(path: Path) -> int:
    async with asyncio.timeout(PATIENCE_S):
        while not path.exists() or not path.read_text().strip():
            await asyncio.sleep(0.005)
    return int(path.read_text())


@pytest.mark.parametrize("how", ["time", "cancelled"])
async def test_what_it_has_started_ends_with_it(tmp_path: Path, how: str) -> None:
    started = tmp_path / "pid"
    command = shell('trap "" TERM; sleep 600 & echo $! > "$1"; wait; sleep 600', str(started))
    async with Supervisor() as tasks:
        ended: list[EndedCommand] = []

        async def run() -> None:
            ended.append(await run_for_event(command, "{}", 0.5 if how == "time" else PATIENCE_S))

        tasks.start("run", run())
        child = await until_written(started)
        if how == "cancelled":
            tasks.stop()
    if how == "time":
        assert ended == [EndedCommand(None, ended[0].seconds, "ended after 0.5 s, as it had not by itself")]
    async with asyncio.timeout(PATIENCE_S):
        while is_running(child):
            await asyncio.sleep(0.005)
