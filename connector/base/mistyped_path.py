"""What may be meant by a path that does not exist."""

from __future__ import annotations

import os
from pathlib import Path

from connector.base.alike import meant


def likeness(path: Path, *, is_folder: bool) -> str:
    """` (did you mean PATH?)` where something of a similar name is beside the first part of the path that is missing;
    blank where nothing is, or nothing is missing. `is_folder`: whether the path is to be one of a folder."""
    path = missing = path.absolute()
    if os.path.lexists(path):
        return ""
    while not os.path.lexists(missing.parent):
        missing = missing.parent
    only_folders = is_folder or missing != path
    try:
        there = sorted(entry.name for entry in os.scandir(missing.parent) if entry.is_dir() or not only_folders)
    except OSError:
        return ""
    alike = meant(missing.name, there)
    return f" (did you mean {missing.with_name(alike) / path.relative_to(missing)}?)" if alike else ""
