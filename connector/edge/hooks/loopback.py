"""Whether a request comes from a program on this machine: the port for hooks is also open to the internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

# Headers that a proxy on this machine adds to a request it forwards.
_FORWARDED = re.compile(r"forwarded|via|x-forwarded-.*|x-real-ip|cf-connecting-ip|true-client-ip")


def is_local(peer: str | None, header_names: Iterable[str]) -> bool:
    """`peer`: the address at the other end of the connection."""
    if any(_FORWARDED.fullmatch(name.lower()) for name in header_names):
        return False
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
