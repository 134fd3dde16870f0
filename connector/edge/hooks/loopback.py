"""Whether a request comes from a program on this machine: the port for hooks is also open to the internet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector.base.ip_addresses import is_loopback

# What curl, monitoring and our own doctor send. Any other header is one that a proxy on this machine may have added:
# their names have no end (X-Forwarded-For, CF-Connecting-IP, Fly-Client-IP, …).
_SENT_DIRECTLY = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "host", "pragma", "user-agent"}
)
_PORT = re.compile(r":[0-9]*\Z")


def is_local(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request was made on this machine, and to this machine by name; a forwarded one is not.

    `peer` is the address at the other end of the connection. A proxy that passes a request on unchanged, and with a
    Host of its own, cannot be told from a local program: the doctor looks for one.
    """
    if any(name.lower() not in _SENT_DIRECTLY for name in headers):
        return False
    host = next((value for name, value in headers.items() if name.lower() == "host"), "")
    return is_loopback(peer or "") and is_loopback(_PORT.sub("", host.strip()))
