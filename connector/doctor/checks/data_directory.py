"""Whether the core can write what it takes in."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from msgspec import Struct

from connector.doctor.evidence import Evidence
from connector.doctor.finding import Finding, amber, green, red

_GB = 1_000_000_000
_AMBER_BELOW, _RED_BELOW = 1 * _GB, _GB // 10


class DiskSpace(Struct, frozen=True):
    """`free` in bytes; `trouble`: why nothing can be written."""

    is_there: bool
    free: int = 0
    trouble: str = ""


async def check(scene: Evidence) -> list[Finding]:
    return [judge(scene.data, await asyncio.to_thread(_look, scene.data))]


def judge(path: Path, room: DiskSpace) -> Finding:
    if room.trouble:
        return red(
            f"{path} cannot be written: {room.trouble}.", "Free space, mend its owner and mode, or name another --data."
        )
    words = f"{path}: {room.free / _GB:,.1f} GB free."
    if room.free < _RED_BELOW:
        return red(
            words, "Free space now: when the disk is full, texts are refused and offered again only for a while."
        )
    if room.free < _AMBER_BELOW:
        return amber(words, "Free some space: when the disk is full, texts are refused.")
    if not room.is_there:
        return green(f"{path} does not exist yet; the core makes it. {room.free / _GB:,.1f} GB free.")
    return green(words)


def _look(path: Path) -> DiskSpace:
    is_there = path.exists()
    place = path.absolute()
    while not place.exists():
        place = place.parent
    try:
        if is_there:
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(b"textdesk")
        elif not os.access(place, os.W_OK | os.X_OK):
            return DiskSpace(False, trouble=f"{place} is not ours to write")
        return DiskSpace(is_there, shutil.disk_usage(place).free)
    except OSError as error:
        return DiskSpace(is_there, trouble=(error.strerror or str(error)).lower())
