"""OpenMarket's webhook requests: JSON with Basic authentication, retried until a 2xx."""

from __future__ import annotations

from collections.abc import Callable

from connector.base.clock import Clock
from connector.lab.vendors.hook_client import HookClient, HookResponse
from connector.lab.vendors.openmarket.forms import MULTIPART

# OpenMarket retries for hours to days; ten minutes are enough to see a core come back.
_RETRY_PAUSES_S = (0.5, 1, 2, 4, 8, 16, *[30] * 20)


async def send_webhook(client: HookClient, url: str, body: object, authorization: str) -> HookResponse:
    """Send a body once, without a password when `authorization` is blank."""
    headers = {"User-Agent": "OpenMarket", "X-API-Version": "4"}
    if authorization:
        headers["Authorization"] = authorization
    if isinstance(body, bytes):
        return await client.post_bytes(url, body, {**headers, "Content-Type": MULTIPART})
    return await client.post_json(url, body, headers)


async def retry_webhook(
    client: HookClient,
    clock: Clock,
    url: str,
    body: object,
    authorization: str,
    on_status: Callable[[int | None], None],
) -> None:
    """Send until it is taken, with growing pauses. `on_status` gets the status of every attempt."""
    for pause_s in _RETRY_PAUSES_S:
        await clock.sleep(pause_s)
        response = await send_webhook(client, url, body, authorization)
        on_status(response.status)
        if response.is_ok:
            return
