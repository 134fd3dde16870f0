"""Whether others on this machine can read texts or secrets."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from connector.config.secrets import SECRET_KEYS
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_DATABASE = ("textdesk.db", "textdesk.db-wal", "textdesk.db-shm", "core.log")
_NAMES = ("node", "service")


class FileMode(Struct, frozen=True):
    """A file or directory and its permission bits. `holds_secrets`: texts, tokens, passwords."""

    path: str
    mode: int
    holds_secrets: bool = True


async def check(scene: Evidence) -> list[Finding]:
    return judge(list(_places(scene)))


def judge(places: list[FileMode]) -> list[Finding]:
    found = [verdict for place in places if (verdict := _judged(place)) is not None]
    if found or not places:
        return found
    return [green(f"{len(places)} files and directories are for their owner only.")]


def _judged(place: FileMode) -> Finding | None:
    right = 0o700 if place.path.endswith("/") else 0o600
    advice = f"chmod {right:o} {shlex.quote(place.path)}"
    if place.mode & 0o007 and place.holds_secrets:
        return red(f"Everybody on this machine may use {place.path} (mode {place.mode:04o}).", advice)
    if place.mode & 0o077:
        who = "Others" if place.mode & 0o007 else "Its group"
        return amber(f"{who} may use {place.path} (mode {place.mode:04o}).", advice)
    return None


def _places(scene: Evidence) -> Iterator[FileMode]:
    folder = scene.config_path.parent if scene.config_path else Path()
    files, has_secret = secrets_in(scene.raw)
    if scene.config_path is not None:
        yield from _place(scene.config_path, holds_secrets=has_secret)
    for name in files:
        yield from _place(folder / name)
    yield from _place(scene.data)
    for name in _DATABASE:
        yield from _place(scene.data / name)
    for name in _NAMES:
        yield from _place(scene.data / name, holds_secrets=False)


def _place(path: Path, *, holds_secrets: bool = True) -> Iterator[FileMode]:
    try:
        status = path.stat()
    except OSError:
        return
    name = f"{path}{os.sep}" if path.is_dir() else str(path)
    yield FileMode(name, status.st_mode & 0o777, holds_secrets)


def secrets_in(value: Any, key: str = "") -> tuple[list[str], bool]:
    """The files that secrets stand in, and whether one stands in the configuration itself."""
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
