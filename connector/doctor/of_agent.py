"""The doctor of an agent, in a team or elsewhere: what concerns them, and nothing that is the administrator's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from connector.base import full_screen, trusted_files
from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError, CoreUnreachable
from connector.client.link import Link
from connector.doctor.finding import Finding, amber, green, red
from connector.doctor.printing import Printer

CHECKS = ("core", "token", "terminal")


def is_of_another(data: Path) -> bool:
    """Whether the data directory is another user's; False for root, who administers all of them."""
    if os.geteuid() == 0:
        return False
    try:
        return data.stat().st_uid != os.geteuid()
    except PermissionError:
        return True
    except OSError:
        return False


def run(core: CoreAddress, data: Path | None, printer: Printer) -> int:
    """`data`: another user's data directory that was asked about. Returns the exit code."""
    printer.begin()
    printer.found("core", [*([_of_another(data)] if data else []), asyncio.run(_signed_in(core))])
    printer.found("token", judge_token(core.token_file))
    printer.found("terminal", judge_terminal(os.environ, is_there=full_screen.is_any_terminal()))
    return printer.end()


async def _signed_in(core: CoreAddress) -> Finding:
    where = " or ".join(core.urls) or str(core.data)
    try:
        async with Link(core) as link:
            name = link.agent.id if link.agent is not None else ""
            return green(f"You are {name} at {where}.")
    except CoreUnreachable as error:
        return red(str(error), "Tell your administrator; your desk connects when the core is back.")
    except ClientError as error:
        return red(str(error), "Show this to your administrator.")


def _of_another(data: Path) -> Finding:
    owner = _owner(data)
    words = f"{data} is for {owner} to look after: sudo -u {owner} textdesk doctor --data {trusted_files.quoted(data)}"
    return green(f"{words}. This is what concerns you.")


def _owner(folder: Path) -> str:
    """Of the folder, or of the one above it that we may not enter."""
    for one in (folder, *folder.parents):
        try:
            return trusted_files.user_name(one.stat().st_uid)
        except OSError:
            continue
    return "its owner"


def judge_token(path: Path | None) -> list[Finding]:
    if path is None:
        return []
    mode = trusted_files.mode_of(path)
    if mode is not None and mode & 0o077:
        quoted = trusted_files.quoted(path)
        return [amber(f"Others may read your token in {path} (mode {mode:04o}).", f"chmod 600 {quoted}")]
    return [green(f"Your token is in {path}.")]


def judge_terminal(environ: Mapping[str, str], *, is_there: bool = True) -> list[Finding]:
    """Settings of the terminal that ssh passes on only where both sides allow it. Without one there are none."""
    if not is_there:
        return [green("There is none here, so its settings are not checked.")]
    if words := full_screen.cannot_draw(environ):
        return [amber(f"The desk cannot be used here: {words}", "TERM=xterm-256color textdesk")]
    found = []
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if "utf" not in locale.lower():
        found.append(amber(f"The locale ({locale or 'none'}) is not UTF-8.", "ssh: SendEnv LANG; sshd: AcceptEnv LANG"))
    if environ.get("COLORTERM", "") not in ("truecolor", "24bit") and "direct" not in environ.get("TERM", ""):
        advice = "If your terminal has them: ssh: SendEnv COLORTERM; sshd: AcceptEnv COLORTERM"
        found.append(amber("The terminal does not say that it has all colours.", advice))
    return found or [green("UTF-8, and all colours.")]
