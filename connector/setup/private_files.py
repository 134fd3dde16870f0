"""Files for the owner's eyes only, replaced as a whole."""

from __future__ import annotations

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file by `text`, mode 0600; it is on disk on return, and a crash leaves the old or the new one.

    A symbolic link stays one. Raises OSError.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(target.name + ".new")
    # Without O_EXCL: a killed writer may have left its unfinished file here.
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(opened, "w", encoding="utf-8") as file:
        os.fchmod(opened, 0o600)
        file.write(text)
        file.flush()
        os.fsync(opened)
    os.replace(beside, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_private(path: Path) -> bool:
    """Whether nobody but the owner can read or write it."""
    return path.stat().st_mode & 0o077 == 0
