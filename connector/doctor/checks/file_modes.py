"""Whether other users of this machine can read texts or secrets."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.base import trusted_files
from connector.base.counted import count
from connector.config.secrets import SECRET_KEYS
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_DATABASE = ("textdesk.db", "textdesk.db-wal", "textdesk.db-shm", "core.log")
_NAMES = ("node", "service")


class FileMode(Struct, frozen=True):
    """A file or directory and its permission bits. `holds_secrets`: texts, tokens, passwords.

    `give_to`: the core's user, where it belongs to another: without its group's right that user could not read it.
    """

    path: str
    mode: int
    holds_secrets: bool = True
    give_to: str = ""


async def check(evidence: Evidence) -> list[Finding]:
    return distrusted(evidence.data) + judge(list(_files(evidence)))


def distrusted(data: Path) -> list[Finding]:
    """What a start of the core would say of the data directory and its files."""
    found = {}
    for path in (data, *(data / name for name in (*_DATABASE, *_NAMES, "core.lock"))):
        try:
            if os.path.lexists(path):
                trusted_files.resolve(path)
                trusted_files.demand_ours(data)
        except trusted_files.UntrustedFile as error:
            found[error.filename] = red(str(error), "The core does not start before that is mended.")
        except OSError:
            pass  # reported by the check of the data directory
    return list(found.values())


def judge(files: list[FileMode]) -> list[Finding]:
    found = [finding for file in files if (finding := _judged(file)) is not None]
    if found or not files:
        return found
    return [green(f"For their owner only: {count(len(files), 'file or directory', 'files and directories')}.")]


def _judged(file: FileMode) -> Finding | None:
    right = 0o700 if file.path.endswith("/") else 0o600
    advice = f"chmod {right:o} {shlex.quote(file.path)}"
    if file.give_to:
        advice = f"chown {shlex.quote(file.give_to)} {shlex.quote(file.path)} && {advice}"
    if file.mode & 0o007 and file.holds_secrets:
        return red(f"Every user of this machine may use {file.path} (mode {file.mode:04o}).", advice)
    if file.mode & 0o077:
        who = "Others" if file.mode & 0o007 else "Its group"
        return amber(f"{who} may use {file.path} (mode {file.mode:04o}).", advice)
    return None


def _files(evidence: Evidence) -> Iterator[FileMode]:
    folder = evidence.config_path.parent if evidence.config_path else Path()
    files, has_secret = secrets_in(evidence.raw)
    runs_as = _owner_of(evidence.data)
    if evidence.config_path is not None:
        yield from _mode_of(evidence.config_path, holds_secrets=has_secret, runs_as=runs_as)
    for name in files:
        yield from _mode_of(folder / name, runs_as=runs_as)
    yield from _mode_of(evidence.data)
    for name in _DATABASE:
        yield from _mode_of(evidence.data / name)
    for name in _NAMES:
        yield from _mode_of(evidence.data / name, holds_secrets=False)


def _owner_of(folder: Path) -> int:
    try:
        return folder.stat().st_uid
    except OSError:
        return os.geteuid()


def _mode_of(path: Path, *, holds_secrets: bool = True, runs_as: int | None = None) -> Iterator[FileMode]:
    try:
        status = path.stat()
    except OSError:
        return
    name = f"{path}{os.sep}" if path.is_dir() else str(path)
    give_to = "" if runs_as in (None, status.st_uid) else trusted_files.user_name(runs_as or 0)
    yield FileMode(name, status.st_mode & 0o777, holds_secrets, give_to)


def secrets_in(value: Any, key: str = "") -> tuple[list[str], bool]:
    """The files that hold secrets, and whether the configuration itself holds one."""
    match value:
        case {"file": str(name), **rest} if not rest:
            return [name], False
        case dict():
            inner = [secrets_in(each, name) for name, each in value.items()]
        case list():
            inner = [secrets_in(each) for each in value]
        case _:
            return [], key in SECRET_KEYS
    return [name for names, _ in inner for name in names], any(has for _, has in inner)
