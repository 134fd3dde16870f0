"""Whether a team of this host's users can reach the core, and no other user can come between."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import stat
from pathlib import Path

from msgspec import Struct

from connector.base import team_socket, trusted_files
from connector.base.team_socket import FOLDER_MODE, SOCKET_MODE, NoSuchGroup
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red
from connector.wire.endpoint import HOST_SOCKET

_RESTART = "Start the core again; it puts that right."


class TeamPlace(Struct, frozen=True):
    """A folder or socket; `mode` None: it is missing."""

    path: str
    mode: int | None
    gid: int


class TeamPlaces(Struct, frozen=True):
    """`flaw`: why the folder is not to be trusted, in a sentence."""

    folder: TeamPlace
    socket: TeamPlace
    flaw: str = ""


async def check(evidence: Evidence) -> list[Finding]:
    desks = evidence.config.desks if evidence.config is not None else None
    if evidence.config is None or desks is None or desks.group is None:
        return []
    try:
        gid = team_socket.group_id(desks.group)
    except NoSuchGroup as error:
        return [red(f"desks.group: {error}.", "The core does not start before that is mended.")]
    places = await asyncio.to_thread(_look, Path(desks.socket or HOST_SOCKET))
    user = await asyncio.to_thread(_user_of, evidence.data)
    found = judge_places(places, gid, desks.group, user, is_running=evidence.core.store is not None)
    found += judge_members(desks.group, await asyncio.to_thread(members_of, gid))
    if not any(agent.administrator for agent in evidence.config.agents.values()):
        found.append(judge_administrators())
    return found


def judge_places(places: TeamPlaces, gid: int, group: str, user: str, *, is_running: bool) -> list[Finding]:
    """`gid`: of the group that is configured; `user`: whose core it is."""
    if places.flaw:
        return [red(places.flaw, "The core does not start before that is mended.")]
    folder, bound = places.folder, places.socket
    if folder.mode is None:
        command = team_socket.install_command(Path(folder.path), user, group)
        how = f"Start the core; where it may not make the folder, run: {command}"
        return [amber(f"{folder.path} is missing, so no member of {group} is let in.", how)]
    found = [
        red(f"{place.path} is not for the group {group} (mode {place.mode:04o}), who are locked out.", _RESTART)
        for place, right in ((folder, FOLDER_MODE), (bound, SOCKET_MODE))
        if place.mode is not None and (place.gid != gid or place.mode & right & 0o070 != right & 0o070)
    ]
    if folder.mode & 0o027:
        found.append(amber(f"{folder.path} is open to more than the group {group} (mode {folder.mode:04o}).", _RESTART))
    if bound.mode is not None and bound.mode & 0o007:
        found.append(amber(f"{bound.path} is open to more than the group {group} (mode {bound.mode:04o}).", _RESTART))
    if bound.mode is None and is_running:
        found.append(red(f"{bound.path} is missing, and the core runs.", _RESTART))
    return found or [green(f"{bound.path} is for the group {group}.")]


def judge_members(group: str, members: list[str]) -> list[Finding]:
    if not members:
        return [amber(f"The group {group} has no members.", f"Add them: sudo usermod -aG {group} NAME")]
    return [green(f"Members of {group}: {', '.join(members)}.")]


def judge_administrators() -> Finding:
    return amber(
        "No agent of the configuration is an administrator, and with a team no user is one by nature.",
        "Give one of them administrator = true in [agents.NAME], unless `textdesk agent list` shows one.",
    )


def _look(path: Path) -> TeamPlaces:
    folder, bound = _place(path.parent), _place(path)
    flaw = ""
    try:
        trusted_files.resolve(path.parent.parent)
        if folder.mode is not None:
            team_socket.trusted_owner(path.parent)
    except trusted_files.UntrustedFile as error:
        flaw = str(error)
    except OSError:
        pass  # what is missing is said with the folder
    return TeamPlaces(folder, bound, flaw)


def _user_of(data: Path) -> str:
    """The owner of the data directory, or ourselves where there is none."""
    try:
        return trusted_files.user_name(data.stat().st_uid)
    except OSError:
        return trusted_files.user_name(os.geteuid())


def _place(path: Path) -> TeamPlace:
    try:
        status = os.lstat(path)
    except OSError:
        return TeamPlace(str(path), None, 0)
    return TeamPlace(str(path), stat.S_IMODE(status.st_mode), status.st_gid)


def members_of(gid: int) -> list[str]:
    """Also those whose own group it is, but for the user of the core."""
    own = {user.pw_name for user in pwd.getpwall() if user.pw_gid == gid and user.pw_uid not in (0, os.geteuid())}
    return sorted(own.union(grp.getgrgid(gid).gr_mem))
