"""The source a request comes from, for limits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from connector.base.ip_addresses import network_of, parsed


def source_of(peer: str, headers: Mapping[str, str]) -> str:
    """The network (see `network_of`) of the caller: of the peer, or of the address that a reverse proxy gives.

    Proxies append the address they see to X-Forwarded-For, so only its last entry is not the caller's to choose.
    """
    if not is_proxy(peer):
        return network_of(peer)
    forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return network_of(forwarded if parsed(forwarded) else peer)


@lru_cache(maxsize=1024)
def is_proxy(peer: str) -> bool:
    """Whether an address is of this machine or of a private network, as those of reverse proxies are.

    All callers behind a proxy have its address.
    """
    address = parsed(peer)
    return address is not None and address.is_private
