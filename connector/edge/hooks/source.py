"""The address a request comes from, for limits by source."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache


def source_of(peer: str, headers: Mapping[str, str]) -> str:
    """The caller's IP address: the peer's, or what a reverse proxy on this machine or network says it is.

    Proxies append the address they see to X-Forwarded-For, so only its last entry is not the caller's to choose.
    """
    if not is_proxy(peer):
        return peer
    forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return forwarded if len(forwarded) <= _LONGEST and _is_address(forwarded) else peer


_LONGEST = 45  # an IPv4-mapped IPv6 address in full


@lru_cache(maxsize=1024)
def is_proxy(peer: str) -> bool:
    """Whether an address is of this machine or of a private network, as those of reverse proxies are.

    All callers behind a proxy have its address.
    """
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_private


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
