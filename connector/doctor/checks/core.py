"""Whether a core is running on the data directory."""

from __future__ import annotations

from pathlib import Path

from websockets.exceptions import ConnectionClosed

from connector.base.version import version
from connector.client import dial
from connector.client.errors import ClientError
from connector.doctor.evidence import Evidence, RunningCore
from connector.doctor.finding import Finding, amber, green, red
from connector.wire import frames


async def greet(data: Path) -> RunningCore:
    """The core's own greeting, which it gives to everybody it lets near; nobody signs in."""
    try:
        socket = await dial.connect(data, None)
        try:
            hello = frames.decode_from_core(await socket.recv())
        finally:
            await socket.close()
    except ClientError as error:
        return RunningCore(trouble=str(error))
    except (ConnectionClosed, frames.BadFrame):
        return RunningCore(trouble="The core was reached and did not say who it is.")
    if not isinstance(hello, frames.Hello):
        return RunningCore(trouble="The core was reached and speaks another protocol.")
    return RunningCore(hello.store, hello.position, version=hello.version)


async def check(scene: Evidence) -> list[Finding]:
    command = f"textdesk serve --data {scene.data}"
    if scene.config_path is not None:
        command += f" --config {scene.config_path}"
    return [judge(scene.core, command, version(), has_accounts=bool(scene.accounts()))]


def judge(core: RunningCore, command: str, ours: str, *, has_accounts: bool) -> Finding:
    """`command` starts a core; `ours`: the version of this command."""
    if core.store is not None:
        words = f"Running: version {core.version or 'unknown'}, {core.position:,} facts so far."
        if core.version != ours:
            return amber(words, f"Restart it: version {ours or 'unknown'} is installed.")
        return green(words)
    # What the sentence says after its colon is how to start one, which the advice says better.
    trouble = core.trouble.partition(":")[0].rstrip(".")
    if has_accounts:
        return red(f"{trouble}, so no text is taken in.", f"Start it: {command}")
    return amber(f"{trouble}.", f"Start it: {command}")
