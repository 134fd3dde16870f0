"""TCP ports on loopback for servers that must know theirs before they start."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from pathlib import Path

_BLOCK = 100
_LOWEST = 10_000
_USUALLY_BELOW = 32_768
_KERNELS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port nothing listens on, which neither another process of tests nor the kernel will choose meanwhile."""
    return next(port for port in _ports() if _is_free(port))


@cache
def _ports() -> Iterator[int]:
    """Ports of this process, in turn. They are below the range from which the kernel assigns free ports."""
    below = int(_KERNELS.read_text().split()[0]) if _KERNELS.exists() else _USUALLY_BELOW
    if below < _LOWEST + 10 * _BLOCK:  # where the kernel assigns from nearly all of them, there is no better choice
        below = _USUALLY_BELOW
    blocks = range(_LOWEST, below - _BLOCK, _BLOCK)
    for number in range(len(blocks)):
        first = blocks[(os.getpid() + number) % len(blocks)]
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", first))
        except OSError:
            guard.close()
            continue
        _GUARDS.append(guard)
        return cycle(range(first + 1, first + _BLOCK))
    raise RuntimeError("every block of ports is taken")


_GUARDS: list[socket.socket] = []  # a bound port marks its block as taken for as long as this process lives


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
