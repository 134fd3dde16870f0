"""The public address under which providers reach our hooks."""

from __future__ import annotations

import ipaddress
from urllib.parse import quote, urlsplit


def check_url(name: str, url: str) -> None:
    """Raises ValueError unless `url` is the start of web addresses: scheme, host, perhaps a path, nothing after it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{name} must be an address like https://sms.example.com, without anything after the path")


def is_public(url: str) -> bool:
    """Whether it can be reached from the internet, as far as its host name shows."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))


def hook_url(public_url: str, provider: str, account: str, kind: str) -> str:
    """The public address of one of our hooks."""
    return f"{public_url.rstrip('/')}/hooks/{provider}/{quote(account, safe='')}/{kind}"
