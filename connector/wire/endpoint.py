"""The Unix socket on which the core of a data directory listens for desks. A path only; no file is touched."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path

import platformdirs

# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs (unix(7)), its closing NUL included.
_LONGEST_SOCKET_PATH = 103


def socket_path(data: Path, environ: Mapping[str, str]) -> Path:
    """The Unix socket of the core that owns `data`: inside it, or a short name elsewhere when that is too long."""
    inside = data.absolute() / "desk.sock"
    if len(str(inside).encode()) <= _LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(str(inside).encode()).hexdigest()[:16]
    return Path(environ.get("XDG_RUNTIME_DIR") or _default_runtime_dir()) / f"textdesk-{name}.sock"


def _default_runtime_dir() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is a folder below /tmp: its owner is checked where it is used
        return platformdirs.user_runtime_dir("textdesk", appauthor=False)
