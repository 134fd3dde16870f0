"""The address under which a provider reaches our hooks. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import quote, urlsplit

from connector.providers.settings import check_url

# Twilio tries again by itself only when no connection could be made, and then once; this asks for more. All of it ends
# within the 15 s that Twilio gives a hook. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
TWILIO_OVERRIDES = "rc=5&rp=ct,rt,5xx&rt=4000"


def checked(text: str) -> str:
    """The address in its final form. Raises ValueError with a sentence."""
    url = text.strip().rstrip("/")
    if not url:
        raise ValueError("the address is missing; it looks like https://sms.example.com.")
    try:
        check_url("it", url)
        host = urlsplit(url).hostname or ""
    except ValueError:
        raise ValueError(
            f"{url} is not an address like https://sms.example.com, without anything after the path."
        ) from None
    if "_" in host:
        raise ValueError(f"{host} has an underscore, and Twilio refuses such host names in addresses it reports to.")
    return url


def remark(url: str) -> str | None:
    """What somebody should know about this address before it is used; None when there is nothing."""
    parts = urlsplit(url)
    if not is_public(url):
        return f"{parts.hostname} can be reached from this machine or network only; no provider on the internet can."
    if parts.scheme == "http":
        return "Without https anybody on the way can read the texts; put a proxy with a certificate before the core."
    return None


def is_public(url: str) -> bool:
    """Whether somebody on the internet could reach it, as far as the name tells."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".internal", ".localhost"))


def hook(public_url: str, provider: str, account: str, kind: str) -> str:
    """The address of one of our hooks."""
    return f"{public_url.rstrip('/')}/hooks/{provider}/{quote(account, safe='')}/{kind}"


def twilio_inbound(public_url: str, account: str) -> str:
    """What stands at a Twilio number for texts that come in."""
    return f"{hook(public_url, 'twilio', account, 'inbound')}#{TWILIO_OVERRIDES}"
