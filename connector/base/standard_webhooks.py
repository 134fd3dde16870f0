"""Signatures of outgoing webhooks by the specification Standard Webhooks 1.0.0, its symmetric scheme.

What is signed is `ID.TIMESTAMP.BODY`. The id stays when an event is posted again, so that its receiver takes it once;
the timestamp is that of the try, so that an old post cannot be played again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

_VERSION = "v1"


def headers(event_id: str, at_s: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a post. With several keys it has a signature by each, and a receiver needs one of them."""
    signed = b".".join((event_id.encode(), str(at_s).encode(), body))
    found = (base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"{_VERSION},{one}" for one in found),
    }
