"""Checking the public address an administrator enters. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from connector.providers.public_url import check_url, is_public


def clean_url(text: str) -> str:
    """The address without surrounding blanks and a final slash. Raises ValueError with a sentence."""
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
        raise ValueError(f"{host} has an underscore, and Twilio refuses such host names for receipts.")
    return url


def warning(url: str) -> str | None:
    """A warning about this address; None when there is none."""
    parts = urlsplit(url)
    if not is_public(url):
        return f"{parts.hostname} can be reached from this machine or network only, not by a provider on the internet."
    if parts.scheme == "http":
        return "Without https the texts can be read on the way; put a proxy with a certificate before the core."
    return None
