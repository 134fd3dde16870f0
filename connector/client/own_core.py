"""Whether the data directory of a user has a core, and one that is in use."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

# What a data directory holds when a core has run on it, or is meant to.
_OF_A_CORE = ("service", "textdesk.db", "textdesk.toml")


def has_core(data: Path) -> bool:
    """Whether a core has run on this data directory, or is meant to."""
    return any(os.path.lexists(data / name) for name in _OF_A_CORE)


def has_content(data: Path) -> bool:
    """Whether the directory's core has a configuration or a conversation, or runs as a service.

    One that a desk has started while the host's service was away has none of these, and must not hide the service.
    """
    if not has_core(data):
        return False
    marks = (data / "service", data / "textdesk.toml", Path("textdesk.toml"))
    return any(map(os.path.lexists, marks)) or _has_conversations(data / "textdesk.db")


def _has_conversations(path: Path) -> bool:
    """Also of a database that cannot be read. Nothing is changed."""
    import sqlite3  # takes some milliseconds, and is rarely needed

    # Without a log the file is not open anywhere, and SQLite need not make one.
    is_open = os.path.exists(f"{path}-wal")
    uri = f"{path.absolute().as_uri()}?mode=ro{'' if is_open else '&immutable=1'}"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'conversations'").fetchall():
                return False
            return bool(connection.execute("SELECT 1 FROM conversations LIMIT 1").fetchall())
    except sqlite3.Error:
        return True
