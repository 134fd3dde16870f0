"""The Unix sockets on which cores listen for desks. Paths only; no file is touched."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs (unix(7)), its closing NUL included.
_LONGEST_SOCKET_PATH = 103

UNIX = "unix:"
"""What the address of a core on this host begins with: unix:/run/textdesk/desk.sock."""

HOST_SOCKET = Path("/run/textdesk/desk.sock")
"""Where the core of a whole host listens for its team, unless `[desks] socket` says otherwise."""

HOST_GROUP = "textdesk"
"""The group of a host's team, as docs/team.md makes it."""


def team_at(socket: Path) -> str | None:
    """The group of this host's team, where that is its socket; None for another."""
    return HOST_GROUP if socket == HOST_SOCKET else None


def socket_path(data: Path, environ: Mapping[str, str]) -> Path:
    """The Unix socket of the core that owns `data`: inside it, or a short name elsewhere when that is too long."""
    inside = data.absolute() / "desk.sock"
    if fits(inside):
        return inside
    import hashlib  # takes a while, and mostly the path is short

    name = hashlib.sha256(str(inside).encode()).hexdigest()[:16]
    return Path(environ.get("XDG_RUNTIME_DIR") or _default_runtime_dir()) / f"textdesk-{name}.sock"


def fits(path: Path) -> bool:
    """Whether a socket can have this path."""
    return len(str(path).encode()) <= _LONGEST_SOCKET_PATH


def _default_runtime_dir() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is a folder below /tmp: its owner is checked where it is used
        import platformdirs  # takes a while, and mostly the system names the directory

        return platformdirs.user_runtime_dir("textdesk", appauthor=False)
