"""Finds the core of a `textdesk demo` that this user has running."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from connector.wire import endpoint

FOLDERS = "textdesk-demo-"
"""What the name of a demo's temporary folder begins with; its core's data directory is `data` in there."""

_ANSWERS_WITHIN_S = 1.0


def find(environ: Mapping[str, str]) -> list[Path]:
    """The data directories of demos that listen, the latest first."""
    folders = [*Path(environ.get("TMPDIR") or "/tmp").glob(f"{FOLDERS}*/data")]
    return [data for _, data in sorted(_of_this_user(folders, environ), reverse=True)]


def _of_this_user(folders: list[Path], environ: Mapping[str, str]) -> Iterator[tuple[float, Path]]:
    for data in folders:
        try:
            status = os.lstat(data.parent)
            if status.st_uid == os.geteuid() and _listens(endpoint.socket_path(data, environ)):
                yield status.st_ctime, data
        except OSError:
            continue  # it has ended, or is another user's


def _listens(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as one:
        one.settimeout(_ANSWERS_WITHIN_S)
        return one.connect_ex(str(path)) == 0
