"""Where a host's core keeps its data and listens for desks. Only names are worked out here; nothing is touched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import platformdirs

# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs (unix(7)), its closing NUL included.
_LONGEST_SOCKET_PATH = 103


def data_dir(environ: Mapping[str, str]) -> Path:
    """The core's data directory: `TEXTDESK_DATA`, else the user's usual place."""
    if given := environ.get("TEXTDESK_DATA"):
        return Path(given)
    return Path(platformdirs.user_data_dir("textdesk", appauthor=False))


def state_dir(environ: Mapping[str, str]) -> Path:
    """Where a desk keeps what is its own (drafts, unanswered requests): `TEXTDESK_STATE`, else the usual place."""
    if given := environ.get("TEXTDESK_STATE"):
        return Path(given)
    return Path(platformdirs.user_state_dir("textdesk", appauthor=False))


def service_mark(data: Path) -> Path:
    """A file that says that `data` belongs to a service (`textdesk serve`): desks wait for it and start no core there.

    Every core that runs as a service leaves it; only a person takes it away, when the service is given up.
    """
    return data / "service"


def socket_path(data: Path, environ: Mapping[str, str]) -> Path:
    """The Unix socket of the core that owns `data`: inside it, or a short name elsewhere when that is too long."""
    inside = data.absolute() / "desk.sock"
    if len(str(inside).encode()) <= _LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(str(inside).encode()).hexdigest()[:16]
    runtime = environ.get("XDG_RUNTIME_DIR") or platformdirs.user_runtime_dir("textdesk", appauthor=False)
    return Path(runtime) / f"textdesk-{name}.sock"
