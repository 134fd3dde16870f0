"""IP addresses that stand in texts."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_LONGEST = 100  # an address with the name of its zone: fe80::1%eth0


def parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The address that `text` is; None for a name.

    An IPv4 address in the form of an IPv6 one (`::ffff:192.0.2.7`) is the IPv4 address.
    """
    if len(text) > _LONGEST:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def is_loopback(host: str) -> bool:
    """Whether a host, perhaps in the brackets of a URL, is this machine, as far as its name or address shows."""
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    address = parsed(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def network_of(text: str) -> str:
    """What an address counts as in limits by source: itself if IPv4, else its /64, all of which one caller may have.

    A text that is no address stays as it is.
    """
    address = parsed(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False))
    return text if address is None else str(address)
