"""Where a test run and the processes it starts put what they throw away: files in memory, byte code in one folder."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

_MEMORY = "/dev/shm"
_ROOM = 2 << 30
_DISK = "TESTS_DISK"
_ROOT = Path(__file__).parents[2]
# Variables, in small letters, about the terminal, window and network that the tests are started from. Desks in tests
# have terminals of their own, and traffic stays on this machine.
_OF_THE_RUNNER = {
    *("columns", "lines", "no_color", "force_color", "tmux", "sty", "zellij", "ssh_connection", "display"),
    *("wayland_display", "http_proxy", "https_proxy", "all_proxy", "socks_proxy", "ws_proxy", "wss_proxy", "no_proxy"),
}


def prepare() -> None:
    """For workers, which start later, and the processes of tests: they inherit it."""
    for name in [name for name in os.environ if name.lower() in _OF_THE_RUNNER or name.startswith("TEXTDESK_")]:
        del os.environ[name]
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in `pytest &`
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "TMPDIR" not in os.environ and _has_room(_MEMORY):
        os.environ[_DISK] = tempfile.gettempdir()
        os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY
    write_byte_code()


def write_byte_code() -> None:
    """Let this process and those it starts keep byte code: each would compile all it imports at every start."""
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(_ROOT / ".pytest_cache" / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def on_disk() -> str:
    """The usual place for temporary files."""
    return os.environ.get(_DISK) or tempfile.gettempdir()


def _has_room(folder: str) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return os.access(folder, os.W_OK) and disk.f_bavail * disk.f_frsize >= _ROOM
