"""Whether the data directory can be written and has space."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from connector.base import trusted_files
from connector.base.data_directory import data_dir
from connector.base.mistyped_path import likeness
from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_NAME_IT = "Name the data directory of the core with --data."
_GB = 1_000_000_000
_AMBER_BELOW, _RED_BELOW = 1 * _GB, _GB // 10


class DiskSpace(Struct, frozen=True):
    """`free` in bytes; `trouble`: why nothing can be written."""

    is_there: bool
    free: int = 0
    trouble: str = ""


async def check(evidence: Evidence) -> list[Finding]:
    path = evidence.data
    hint = await asyncio.to_thread(likeness, path, is_folder=True)
    if evidence.core.is_elsewhere:
        is_mistyped = path != data_dir({}) and not path.exists()
        return [red(f"{path} does not exist{hint}.", _NAME_IT)] if is_mistyped else []
    space = await asyncio.to_thread(_look, path)
    if hint and not space.trouble:
        return [amber(f"{path} does not exist{hint}.", _NAME_IT)]
    return [judge(path, space)]


def judge(path: Path, space: DiskSpace) -> Finding:
    if space.trouble:
        return red(
            f"{path} cannot be written: {space.trouble}.",
            "Free space, correct owner and mode, or name another --data.",
        )
    words = f"{path}: {space.free / _GB:,.1f} GB free."
    if space.free < _RED_BELOW:
        return red(
            words, "Free space now: when the disk is full, texts are refused and offered again only for a while."
        )
    if space.free < _AMBER_BELOW:
        return amber(words, "Free some space: when the disk is full, texts are refused.")
    if not space.is_there:
        return green(f"{path} does not exist yet; the core makes it. {space.free / _GB:,.1f} GB free.")
    return green(words)


def _look(path: Path) -> DiskSpace:
    is_there = path.exists()
    place = path.absolute()
    while not place.exists():
        place = place.parent
    try:
        trusted_files.resolve(place)
        trusted_files.demand_ours(place)
        if is_there:
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(b"textdesk")
        elif not os.access(place, os.W_OK | os.X_OK):
            return DiskSpace(False, trouble=f"{place} cannot be written by this user")
        return DiskSpace(is_there, shutil.disk_usage(place).free)
    except OSError as error:
        words = error.strerror or str(error)
        return DiskSpace(is_there, trouble=words[:1].lower() + words[1:])
