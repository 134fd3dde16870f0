"""Whether a core is running on the data directory."""

from __future__ import annotations

from pathlib import Path

from websockets.exceptions import ConnectionClosed

from connector.base.counted import count
from connector.base.mistyped_path import likeness
from connector.base.version import version
from connector.client import dial
from connector.client.errors import ClientError
from connector.doctor.evidence import Evidence, RunningCore
from connector.doctor.finding import Finding, amber, green, red
from connector.wire import frames

_NAME_IT = "Name its data directory, for what is in it to be checked: textdesk doctor --data DIR"


async def greet(data: Path, url: str | None = None) -> RunningCore:
    """The core's greeting, which needs no sign-in; of the core at `url`, or else on the data directory."""
    try:
        socket = await dial.connect(data, url)
        try:
            received = frames.decode_from_core(await socket.recv())
        finally:
            await socket.close()
    except ClientError as error:
        return RunningCore(trouble=str(error))
    except (ConnectionClosed, frames.BadFrame):
        return RunningCore(trouble="The core was reached and closed the connection without its greeting.")
    hello = received[0] if received else None
    if not isinstance(hello, frames.Hello):
        return RunningCore(trouble="The core was reached and speaks another protocol.")
    return RunningCore(hello.store, hello.position, version=hello.version)


async def check(evidence: Evidence) -> list[Finding]:
    command = f"textdesk serve --data {evidence.data}"
    if evidence.config_path is not None:
        command += f" --config {evidence.config_path}"
    if evidence.config is not None and evidence.config.desks is not None and evidence.config.desks.group is not None:
        command = f"sudo systemctl start textdesk, or whatever its unit is ({command})"
    if evidence.config is None:
        command = "`textdesk serve`, when the configuration is corrected"
    elif likeness(evidence.data, is_folder=True):
        command = "`textdesk serve` with the data directory that is meant"
    return [judge(evidence.core, command, version(), has_accounts=bool(evidence.accounts))]


def judge(core: RunningCore, command: str, ours: str, *, has_accounts: bool) -> Finding:
    """`command` starts a core; `ours`: the version of this program."""
    if core.store is not None:
        words = f"Running: version {core.version or 'unknown'}, {count(core.position, 'fact')}."
        if core.version != ours:
            return amber(words, f"Restart it: version {ours or 'unknown'} is installed.")
        if core.is_elsewhere:
            return amber(f"{words} It has another data directory.", _NAME_IT)
        return green(words)
    if core.is_elsewhere:
        return red(core.trouble, _NAME_IT)
    # After its colon the sentence says how to start a core, which the advice says better.
    trouble = core.trouble.partition(":")[0].rstrip(".")
    if has_accounts:
        return red(f"{trouble}, so no text is taken in.", f"Start it: {command}")
    return amber(f"{trouble}.", f"Start it: {command}")
