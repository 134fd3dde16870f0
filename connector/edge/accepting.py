"""Accepting connections at the core's doors.

The event loop's own servers write a traceback for each place of their backlog when descriptors run out, and try again
without a pause.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Any

from connector.base.supervise import Supervisor

log = logging.getLogger(__name__)

# A restart of the core has all its desks connect at one moment. The kernel's net.core.somaxconn bounds it, too.
_BACKLOG = 4096
_PAUSE_S = 0.25  # when the system has no descriptor or memory for a connection


class Acceptor:
    """Accepts connections on any number of sockets. `what` can connect is named in the log: "desk"."""

    def __init__(self, tasks: Supervisor, what: str) -> None:
        self._tasks = tasks
        self._what = what
        self._accepting: list[tuple[socket.socket, asyncio.Task[None]]] = []

    def listen(self, bound: socket.socket, admit: Callable[[socket.socket, Any], None]) -> None:
        """Give `admit` each connection to a bound socket, with its address, until `close`. Raises OSError."""
        bound.listen(_BACKLOG)
        bound.setblocking(False)
        task = self._tasks.start(f"accept {self._what}s", self._accept(bound, admit))
        self._accepting.append((bound, task))

    async def close(self) -> None:
        """Accept no more, and close the sockets."""
        for bound, task in self._accepting:
            task.cancel()
            await asyncio.wait([task])
            bound.close()
        self._accepting.clear()

    async def _accept(self, bound: socket.socket, admit: Callable[[socket.socket, Any], None]) -> None:
        loop = asyncio.get_running_loop()
        lacks_descriptors = False
        while True:
            try:
                accepted, address = await loop.sock_accept(bound)
            except ConnectionError:  # BSD and macOS: the caller has broken off while it waited
                await asyncio.sleep(0)
                continue
            except OSError as error:
                if not lacks_descriptors:
                    log.error("no %s can connect for now: %s", self._what, error.strerror)
                lacks_descriptors = True
                await asyncio.sleep(_PAUSE_S)
                continue
            lacks_descriptors = False
            admit(accepted, address)
            await asyncio.sleep(0)  # a full backlog does not hold up those who are in


def bound_to(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that `host` stands for. Raises OSError."""
    found = socket.getaddrinfo(host or None, port, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE)
    return [_bind(family, address) for family, _, _, _, address in dict.fromkeys(found)]


def _bind(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
    # With the protocol named, the event loop turns off Nagle's algorithm, which would hold back small frames for 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound
