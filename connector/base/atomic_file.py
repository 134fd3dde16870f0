"""Atomic replacement of a file: after a crash it has its old or its new content, never a mixture.

The new content goes to a file beside it, is fsynced and renamed over the old one (rename(2) is atomic on one file
system), and the directory is fsynced. Everything here blocks, and raises OSError.
"""

from __future__ import annotations

import os
from pathlib import Path

from connector.base import trusted_files


def write(path: Path, content: str | bytes, *, follow_link: bool = False) -> None:
    """Replace the file at `path`, mode 0600; its new content is on disk on return. Text is UTF-8.

    When it raises, the old file is untouched. One writer at a time. A symbolic link at `path` is replaced; with
    `follow_link` it stays, and the file it points to is replaced. The folder must be ours (`trusted_files`).
    """
    target = trusted_files.resolve(path if follow_link else path.parent)
    target = target if follow_link else target / path.name
    trusted_files.demand_ours(target.parent)
    draft = target.with_name(target.name + ".new")
    draft.unlink(missing_ok=True)  # left unfinished by a killed writer
    write_draft(draft, content)
    try:
        os.replace(draft, target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def write_draft(path: Path, content: str | bytes) -> None:
    """Write and fsync a new file that its owner alone can read, to be renamed by the caller; none is left on failure.

    Whatever is at `path` already, a link included, is a FileExistsError and stays as it is.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def sync_directory(path: Path) -> None:
    """Make renames in this directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
