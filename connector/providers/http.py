"""The one place outbound HTTP comes from: its time limits, and nothing that follows redirects with our credentials."""

from __future__ import annotations

import httpx

# The whole call ends well within the lease of the send worker, so that nobody takes a living call for a dead one.
_LIMITS = httpx.Timeout(connect=5.0, read=15.0, write=10.0, pool=10.0)
# More than all workers together have under way, so that no call ever waits for a place in the pool.
_CONNECTIONS = httpx.Limits(max_connections=128, max_keepalive_connections=128, keepalive_expiry=30.0)


def http_client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_LIMITS, limits=_CONNECTIONS, follow_redirects=False, trust_env=True)
