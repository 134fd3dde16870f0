"""The simulated companies alone, without a core, and the arrangements of their side door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from connector.lab.simulator.serve import SimulatorSettings, run_simulator
from connector.lab.simulator.world import DEMO
from connector.providers.trusted_certificates import trusted_certificates

TWILIO, OPENMARKET = DEMO.twilio, DEMO.openmarket


class Vendors:
    """`url` is the base of both companies' APIs."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self._http = http

    async def arrange(self, what: str, **fields: Any) -> None:
        """`POST /sim/WHAT`: see connector.lab.vendors.control_api."""
        (await self._http.post(f"{self.url}/sim/{what}", json=fields)).raise_for_status()

    async def twilio(self, path: str, **form: str) -> Any:
        """A call of the account's owner: a POST when there is something to say. What Twilio answers."""
        method = "POST" if form else "GET"
        auth = (TWILIO.sid, TWILIO.auth_token)
        answer = await self._http.request(method, self.url + path, data=form or None, auth=auth)
        answer.raise_for_status()
        return answer.json()

    async def number(self, address: str) -> dict[str, Any]:
        """Twilio's resource of one of our numbers."""
        listed = await self.twilio(f"/2010-04-01/Accounts/{TWILIO.sid}/IncomingPhoneNumbers.json")
        found: dict[str, Any] = next(one for one in listed["incoming_phone_numbers"] if one["phone_number"] == address)
        return found

    async def set_number(self, address: str, **form: str) -> None:
        sid = (await self.number(address))["sid"]
        await self.twilio(f"/2010-04-01/Accounts/{TWILIO.sid}/IncomingPhoneNumbers/{sid}.json", **form)

    async def service(self, address: str, **form: str) -> str:
        """A new Messaging Service with this number in it; its sid."""
        made = await self.twilio("/v1/Services", FriendlyName="Care", **form)
        number = await self.number(address)
        await self.twilio(f"/v1/Services/{made['sid']}/PhoneNumbers", PhoneNumberSid=number["sid"])
        return str(made["sid"])


@asynccontextmanager
async def vendors(folder: Path) -> AsyncIterator[Vendors]:
    folder.mkdir(exist_ok=True)
    settings = SimulatorSettings(data=folder, world=DEMO, seed=1, pace=0.01, with_script=False)
    async with (
        run_simulator(settings) as simulator,
        httpx.AsyncClient(timeout=60, trust_env=False, verify=trusted_certificates()) as http,
    ):
        yield Vendors(simulator.url, http)
