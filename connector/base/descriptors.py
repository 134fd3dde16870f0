"""File descriptors of the core's process: its limit, and how many of them each door may hold as connections."""

from __future__ import annotations

import resource
from typing import NamedTuple

# More than all doors and the reserve use together; a hard limit may be in the millions.
_MOST = 65_536
# The highest that macOS accepts where its hard limit says "infinity" (OPEN_MAX of <sys/syslimits.h>).
_OPEN_MAX = 10_240
_MOST_HOOKS = 4_096
_MOST_DESKS = 2_048
# Outbound calls (some 100), the store (three files for each of its connections), pictures, the log, the loop.
_RESERVE = 256


class ConnectionBudget(NamedTuple):
    """Connections that each door may hold at once, and the descriptors left for everything else."""

    hooks: int
    desks: int
    reserve: int


def open_limit() -> int:
    """The number of descriptors that this process may have open: its soft RLIMIT_NOFILE, at most 65,536."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if soft == resource.RLIM_INFINITY else min(soft, _MOST)


def raise_open_limit() -> int:
    """Raise the soft RLIMIT_NOFILE to the hard one, at most to 65,536. Returns what is in force; never lowers it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    for wanted in (allowed, min(allowed, _OPEN_MAX)):
        if soft == resource.RLIM_INFINITY or soft >= wanted:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            break
        except (OSError, ValueError):  # the system allows a process fewer than its hard limit says
            continue
    return open_limit()


def connection_budget() -> ConnectionBudget:
    """The split of this process's `open_limit()`. Call `raise_open_limit` first, once, at the start."""
    return split(open_limit())


def split(limit: int) -> ConnectionBudget:
    """The parts of so many descriptors, whose sum is `limit`.

    A small limit is shared by halves, so that a storm of connections leaves the store and outbound calls theirs.
    """
    connections = limit - min(_RESERVE, limit // 2)
    desks = min(_MOST_DESKS, connections // 2)
    hooks = min(_MOST_HOOKS, connections - desks)
    return ConnectionBudget(hooks=hooks, desks=desks, reserve=limit - hooks - desks)
