"""What takes long to make and several tests look at, made by one of the workers."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable

import pytest


def once(folders: pytest.TempPathFactory, name: str, make: Callable[[], str]) -> str:
    """The text that `make` returns. Workers that ask while another one makes it wait for it."""
    folder = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of all workers of this run
    made = folder / name
    with open(folder / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_text(make())
        return made.read_text()
