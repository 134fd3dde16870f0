"""Both vendors as a client that sends through them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import LINE, SHORT_CODE, Simulator


@dataclass(frozen=True)
class Vendor:
    """How to send at a vendor, the status of an accepted send, and the error code in an answer."""

    name: str
    send: Callable[[Simulator, str, str], Awaitable[httpx.Response]]
    accepted: int
    code: Callable[[httpx.Response], int]


async def _twilio(sim: Simulator, recipient: str, callback: str) -> httpx.Response:
    account = DEMO.twilio
    form = {"To": recipient, "From": LINE, "Body": "hello", "StatusCallback": callback}
    path = f"/2010-04-01/Accounts/{account.sid}/Messages.json"
    return await sim.http.post(path, data=form, auth=(account.sid, account.auth_token))


async def _openmarket(sim: Simulator, recipient: str, callback: str) -> httpx.Response:
    return await sim.openmarket(
        {
            "destination": {"address": recipient[1:]},
            "source": {"address": SHORT_CODE},
            "message": {"content": "hello"},
            "delivery": {"receiptRequested": "final", "url": callback},
        }
    )


BOTH = (
    Vendor("twilio", _twilio, 201, lambda response: int(response.json()["code"])),
    Vendor("openmarket", _openmarket, 202, lambda response: int(response.json()["error"]["code"])),
)
VENDORS = [pytest.param(vendor, id=vendor.name) for vendor in BOTH]
