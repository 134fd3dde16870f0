"""The public address under which providers reach our hooks."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from connector.base import ip_addresses


def check_url(name: str, url: str) -> None:
    """Raises ValueError unless `url` is the start of web addresses: scheme, host, perhaps a path, nothing after it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{name} must be an address like https://sms.example.com, without anything after the path")


def check_encrypted(name: str, url: str) -> None:
    """Raises ValueError unless what we send to this provider's address cannot be read on the way.

    A vendor's own API (`…_base`) gets our credentials, so only this machine may be called without TLS. A gateway of
    one's own (`…_url`) gets texts and signatures; it may stand in a private network.
    """
    if urlsplit(url).scheme == "https" or is_on_this_machine(url):
        return
    if name.endswith("_base") or is_public(url):
        raise ValueError(f"{name} must begin with https://, or texts and credentials can be read on the way")


def is_on_this_machine(url: str) -> bool:
    """Whether it is an address of this machine, as far as its host name shows."""
    return ip_addresses.is_loopback(urlsplit(url).hostname or "")


def is_public(url: str) -> bool:
    """Whether it can be reached from the internet, as far as its host name shows."""
    host = urlsplit(url).hostname or ""
    if (address := ip_addresses.parsed(host)) is not None:
        return address.is_global
    return "." in host and not host.endswith((".local", ".internal", ".localhost"))


def hook_url(public_url: str, provider: str, account: str, kind: str) -> str:
    """The public address of one of our hooks."""
    return f"{public_url.rstrip('/')}/hooks/{provider}/{quote(account, safe='')}/{kind}"
