"""Where Twilio stores pictures (https://www.twilio.com/docs/messaging/api/media-resource)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from connector.base.secret import Secret
from connector.providers.values import MediaCall, Unreadable

# A media address answers with a redirect to a store: `mms.twiliocdn.com` (signed, good for four hours), and
# `s3-external-1.amazonaws.com` for what came before the account enforced sign-in
# (https://support.twilio.com/hc/en-us/articles/223183748). `media.twiliocdn.com` is not in Twilio's pages, but in
# redirects that users have published.
_STORES = ("mms.twiliocdn.com", "media.twiliocdn.com", "s3-external-1.amazonaws.com")
_API = re.compile(r"api(?:\.[a-z0-9-]+){0,2}\.twilio\.com")  # with an edge and a region between, for other regions


def media_call(url: str, api_base: str, login: tuple[str, Secret]) -> MediaCall:
    """Raises Unreadable for an address outside Twilio's API, so that the login goes nowhere else."""
    try:
        wanted, base = urlsplit(url), urlsplit(api_base)
    except ValueError:
        raise Unreadable("the picture's address is none") from None
    is_base = (wanted.scheme, wanted.netloc) == (base.scheme, base.netloc)
    if not is_base and not (wanted.scheme == "https" and _API.fullmatch(wanted.netloc)):
        raise Unreadable("the picture's address is not one of Twilio's")
    return MediaCall(url, (wanted.hostname or "", *_STORES), login)
