"""Whether a call comes from a program on this machine: the port for hooks is also the one that the internet reaches."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

# What a proxy on this machine says of a call that it hands on.
_HANDED_ON = re.compile(r"forwarded|via|x-forwarded-.*|x-real-ip|cf-connecting-ip|true-client-ip")


def is_near(peer: str | None, header_names: Iterable[str]) -> bool:
    """`peer`: the address at the other end of the connection."""
    if any(_HANDED_ON.fullmatch(name.lower()) for name in header_names):
        return False
    try:
        address = ipaddress.ip_address(peer or "")
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
