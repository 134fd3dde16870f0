"""A running service takes over its changed configuration, by the verb and by SIGHUP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.kit.commands import textdesk
from tests.kit.running import ORDERS, PATIENCE_S, Desk, Town
from tests.kit.staff import STAFF
from tests.kit.templates import copied

NEW_LINE = "+14155550188"
GATEWAY = f"""
[accounts.gateway]
provider = "generic"
secret = "of-the-gateway"
public_url = "http://127.0.0.1:1"
send_url = "http://127.0.0.1:1/send"
numbers = [{{ address = "{NEW_LINE}" }}]
"""


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


async def test_verb_and_signal_take_over_what_has_changed(town: Town) -> None:
    async def reload(*more: str) -> tuple[int, str, str]:
        done = await textdesk("reload", *more, "--data", str(town.core.data))
        return done.code, done.out, done.err

    async with Desk(town.core) as desk:
        assert (await reload())[:2] == (0, f"Nothing has changed in {town.core.folder / 'textdesk.toml'}.\n")
        town.core.more = STAFF + GATEWAY
        town.core.write_config()
        code, out, _ = await reload()
        assert code == 0
        changed = [line.split() for line in out.splitlines()[1:]]
        assert ["agent", "ann", "added"] in changed
        assert ["line", NEW_LINE, "added"] in changed
        assert ["account", "gateway", "added"] in changed
        assert await desk.closed() == 4405
        await desk.connect()
        assert desk.welcome["resumed"]
        assert NEW_LINE in [line["address"] for line in desk.welcome["lines"]]
        await desk.until(lambda: "gateway" in desk.accounts, "the light of a new account")
        await town.text("who is there?", line=ORDERS)
        assert (await desk.told_of("message_received", text="who is there?"))["conversation"]["agent"] == "ann"

        town.core.more = STAFF + GATEWAY + "capacity = 1\n"
        town.core.write_config()
        code, _, err = await reload("--json")
        assert code == 78
        assert "accounts.gateway" in err
        assert "Nothing was changed." in err
    await by_signal(town)


async def by_signal(town: Town) -> None:
    """SIGHUP reloads; what it refuses stands in the log, and the core goes on."""
    process = town.core.process
    assert process is not None
    town.core.more = "[agents.ann"
    town.core.write_config()
    process.send_signal(signal.SIGHUP)
    await until(lambda: "is not TOML" in town.core.log.read_text())
    town.core.more = STAFF
    town.core.write_config()
    process.send_signal(signal.SIGHUP)
    await until(lambda: "gateway: removed" in town.core.log.read_text())
    assert process.returncode is None
    async with Desk(town.core) as desk:
        await desk.until(lambda: desk.accounts and "gateway" not in desk.accounts, "the lights of those that are left")


async def test_a_service_ends_with_its_terminal(tmp_path: Path) -> None:
    copied(tmp_path / "data" / "textdesk.db")
    leader, follower = os.openpty()
    with closing(os.fdopen(leader, "rb", buffering=0)):
        command = (sys.executable, "-m", "connector", "serve", "--data", str(tmp_path / "data"))
        process = await asyncio.create_subprocess_exec(
            *command, stdin=follower, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, cwd=tmp_path
        )
        os.close(follower)
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            assert await process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            assert await process.wait() == 0
