"""The demo from start to end: one command, everything running, and nothing left afterwards."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from tests.kit.commands import PATIENCE_S, next_line, run, started
from tests.kit.terminal import on_terminal

FULL_SCREEN, USUAL_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The parent of the demo's directory; the demo's processes are found by it, too."""
    with tempfile.TemporaryDirectory(prefix="room-") as name:
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


def processes_in(room: Path) -> dict[int, str]:
    """Running processes with this TMPDIR in their environment, with their command lines."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"TMPDIR={room}\0".encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


async def nothing_left(room: Path) -> None:
    """Wait until no process and no file of the demo is left."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while processes_in(room) or [*room.iterdir()]:
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"left: processes {processes_in(room)}, files {[*room.iterdir()]}") from None


async def test_texts_come_in_and_replies_are_delivered(room: Path) -> None:
    done = await run("demo", "--headless", "--seconds", "4", "--pace", "0.04", "--json")
    assert (done.code, done.err) == (0, "")
    *lines, summary = done.lines
    whats = Counter(line["what"] for line in lines)
    assert {"inbound", "queued", "assigned", "reply", "status"} <= whats.keys()
    assert (summary["what"], summary["doubled"]) == ("summary", 0)
    assert (summary["inbound"], summary["replies"]) == (whats["inbound"], whats["reply"])
    delivered = [line["message_id"] for line in lines if line.get("status") == "delivered"]
    assert summary["delivered"] == len(delivered) == len(set(delivered)) > 0
    assert set(delivered) <= {line["message_id"] for line in lines if line["what"] == "reply"}
    positions = [line["position"] for line in lines]
    assert positions == sorted(set(positions))
    for conversation in {line["conversation_id"] for line in lines if line.get("status") == "delivered"}:
        story = [line["what"] for line in lines if line.get("conversation_id") == conversation]
        assert story.index("inbound") < story.index("assigned") < story.index("reply") < story.index("status")
    assert not processes_in(room)
    assert not [*room.iterdir()]


async def test_with_vendor_faults(room: Path) -> None:
    """Replies through one vendor fail, those through the other are delivered."""
    scenario = room.with_name(room.name + ".toml")
    scenario.write_text('[[sends]]\nreceipts = "undelivered:830"\nprovider = "openmarket"\n')
    try:
        done = await run(
            *("demo", "--headless", "--seconds", "8", "--pace", "0.04", "--json", "--faults", str(scenario))
        )
    finally:
        scenario.unlink()
    assert (done.code, done.err) == (0, "")
    *lines, summary = done.lines
    assert (summary["doubled"], summary["failed"] > 0, summary["delivered"] > 0) == (0, True, True)
    assert any(line.get("status") == "undelivered" for line in lines)
    await nothing_left(room)


async def test_sigterm_in_the_middle(room: Path) -> None:
    async with started("demo", "--headless", "--seconds", "60", "--pace", "0.05", "--json") as demo:
        assert (await next_line(demo))["what"] == "inbound"
        demo.terminate()
        async with asyncio.timeout(PATIENCE_S):
            _, errors = await demo.communicate()
        assert demo.returncode == 130
        assert errors == b""
        await nothing_left(room)


async def test_a_killed_core_is_reported(room: Path) -> None:
    async with started("demo", "--headless", "--seconds", "60", "--pace", "0.05", "--json") as demo:
        await next_line(demo)
        [core] = [process for process, command in processes_in(room).items() if " serve " in command]
        os.kill(core, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_S):
            _, errors = await demo.communicate()
    assert demo.returncode == os.EX_UNAVAILABLE
    assert errors.startswith(b"textdesk: The core ended (signal 9): ")
    assert errors.count(b"\n") == 1
    await nothing_left(room)


@pytest.mark.parametrize("end", ["key", signal.SIGTERM, signal.SIGKILL])
async def test_the_desk_on_a_terminal(end: str | signal.Signals, room: Path) -> None:
    async with on_terminal("demo", "--pace", "0.05") as terminal:
        before = terminal.modes
        await terminal.until(lambda shown: FULL_SCREEN in shown and _has_rows(shown), "the first text")
        assert terminal.modes != before
        if isinstance(end, signal.Signals):
            os.kill(terminal.command, end)
        else:
            terminal.press("\x11\x11")  # the first asks what to do with the conversations
        code = await terminal.ended()
        await nothing_left(room)
        terminal.read()
        assert terminal.shown.rindex(USUAL_SCREEN) > terminal.shown.rindex(FULL_SCREEN)
        if end is not signal.SIGKILL:  # then the shell restores the modes
            assert terminal.modes == before
        assert code == {"key": 0, signal.SIGTERM: 130, signal.SIGKILL: 137}[end]


async def test_ctrl_c_while_it_starts(room: Path) -> None:
    async with on_terminal("demo") as terminal:
        await terminal.until(lambda shown: b"starting the simulator" in shown, "the first words")
        terminal.press("\x03")
        assert await terminal.ended() == 130
        await nothing_left(room)
        assert b"Traceback" not in terminal.shown


def _has_rows(shown: bytes) -> bool:
    """Whether any consumer is in the list; only changed cells are written."""
    screen = pyte.Screen(120, 36)
    pyte.ByteStream(screen).feed(shown)
    return any(re.search(r"\+\d{11}", row) for row in screen.display)
