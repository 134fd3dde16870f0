"""Connections whose desk has not signed in yet: how many there may be at once, in all and from one source."""

from __future__ import annotations

import socket
from collections import OrderedDict

from connector.base.ip_addresses import network_of
from connector.base.trusted_files import peer_uid

# A storm of desks behind one address signs in within milliseconds each; those beyond it come back after their pause.
PER_SOURCE = 64
IN_ALL = 512


def source_of(address: object) -> str | None:
    """The source that a connection counts for: the network of its peer (see `network_of`), None for a Unix socket."""
    return network_of(str(address[0])) if isinstance(address, tuple) else None


def user_source(accepted: socket.socket) -> str:
    """The source that a connection on a team's socket counts for: its user."""
    return f"user {peer_uid(accepted)}"


class Strangers:
    """Ids of such connections, by source. Those on the core's own Unix socket are of its own user, and not counted."""

    def __init__(self, per_source: int = PER_SOURCE, in_all: int = IN_ALL) -> None:
        self._per_source = per_source
        self._in_all = in_all
        self._by_source: dict[str, OrderedDict[int, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def has_room(self, source: str | None) -> bool:
        return source is None or len(self._by_source.get(source, ())) < self._per_source

    def add(self, source: str | None, one: int) -> int | None:
        """Count it. Returns the one to drop when there are too many in all: the oldest of the fullest source."""
        if source is None:
            return None
        self._by_source.setdefault(source, OrderedDict())[one] = None
        self._count += 1
        if self._count <= self._in_all:
            return None
        fullest = max(self._by_source, key=lambda source: len(self._by_source[source]))
        oldest = next(iter(self._by_source[fullest]))
        self.remove(fullest, oldest)
        return oldest

    def remove(self, source: str | None, one: int) -> None:
        """It has signed in or ended. Does nothing for one that is not counted."""
        of_source = self._by_source.get(source or "")
        if of_source is None or one not in of_source:
            return
        del of_source[one]
        self._count -= 1
        if not of_source:
            del self._by_source[source or ""]
