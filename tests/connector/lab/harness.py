"""A simulator in this process, a core that records the hooks it gets, and Twilio's own client."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from aiohttp import web
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from connector.lab.simulator.serve import SimulatorSettings, run_simulator
from connector.lab.simulator.world import DEMO
from connector.providers.outbound import OutboundClient
from connector.providers.trusted_certificates import trusted_certificates

PATIENCE_S = 60.0
QUICK = 0.001

CONSUMER = "+14155550133"
LINE = DEMO.twilio.lines[0].number
SHORT_CODE = DEMO.openmarket.short_code
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True)
class Call:
    """One request at the recording core. `url` is the whole address as it was requested."""

    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_signed(self, token: str = DEMO.twilio.auth_token) -> bool:
        validator = RequestValidator(token)
        return bool(validator.validate(self.url, self.form, self.headers["x-twilio-signature"]))


@dataclass
class RecordingCore:
    """Answers every request as a core that has taken it, or with the next of `statuses`; 0 cuts the connection.

    With `held`, no response is sent before it is set.
    """

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    reply: Callable[[Call], None] = lambda call: None
    held: asyncio.Event | None = None
    content_type: str = "text/xml"
    text: str = EMPTY_TWIML
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = Call(self.url + request.raw_path, headers, await request.read())
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        self.reply(call)
        if self.held is not None:
            await self.held.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.Response(status=status, text=self.text, content_type=self.content_type)

    async def until(self, wanted: Callable[[list[Call]], bool]) -> list[Call]:
        """The requests, as soon as `wanted` holds for them."""
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: wanted(self.calls))
        return list(self.calls)

    async def first(self, count: int) -> list[Call]:
        return (await self.until(lambda calls: len(calls) >= count))[:count]


@asynccontextmanager
async def recording_core(port: int = 0) -> AsyncIterator[RecordingCore]:
    core = RecordingCore()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", core.take)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    core.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield core
    finally:
        await runner.cleanup()


@dataclass
class Simulator:
    """The control API, and both vendors' APIs with the right passwords."""

    url: str
    http: httpx.AsyncClient
    outbound: OutboundClient
    control_url: str = ""

    async def text(self, sender: str, line: str, text: str, **more: object) -> Any:
        response = await self.http.post("/sim/text", json={"from": sender, "to": line, "text": text, **more})
        assert response.status_code == 200, response.text
        return response.json()

    async def arrange(self, number: str = "*", **rule: object) -> None:
        response = await self.http.post("/sim/behaviour", json={"number": number, **rule})
        assert response.status_code == 200, response.text

    async def post(self, path: str, **body: object) -> None:
        """Send a request to the control API, which answers during outages, too."""
        response = await self.http.post(f"{self.control_url}{path}", json=body)
        assert response.status_code == 200, response.text

    async def faults(self) -> Any:
        return (await self.http.get(f"{self.control_url}/sim/faults")).json()

    async def settled(self) -> dict[str, int]:
        """How often each fault has happened, once nothing is under way."""
        async with asyncio.timeout(PATIENCE_S):
            while (state := await self.faults())["under_way"]:
                await asyncio.sleep(0.01)
        done: dict[str, int] = state["done"]
        return done

    async def log(self, number: str | None = None) -> list[dict[str, Any]]:
        response = await self.http.get("/sim/log", params={"number": number} if number else {})
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    async def logged(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The log, as soon as `wanted` holds for it."""
        async with asyncio.timeout(PATIENCE_S):
            while not wanted(log := await self.log()):
                await asyncio.sleep(0.01)
        return log

    @property
    def twilio(self) -> Client:
        return twilio_client(self, DEMO.twilio.sid, DEMO.twilio.auth_token)

    async def openmarket(self, terminate: object) -> httpx.Response:
        account = (DEMO.openmarket.account_id, DEMO.openmarket.password)
        return await self.http.post("/sms/v4/mt", json={"mobileTerminate": terminate}, auth=account)


@asynccontextmanager
async def simulator(data: Path, core: RecordingCore | None = None, **settings: Any) -> AsyncIterator[Simulator]:
    wanted = {"seed": 7, "pace": QUICK, "with_script": False, "world": DEMO, **settings}
    async with (
        run_simulator(SimulatorSettings(data=data, core=core.url if core else None, **wanted)) as context,
        httpx.AsyncClient(
            base_url=context.url, trust_env=False, verify=trusted_certificates(), timeout=PATIENCE_S
        ) as http,
        OutboundClient() as outbound,
    ):
        yield Simulator(context.url, http, outbound, context.control_url)


def twilio_client(simulator: Simulator, user: str, password: str) -> Client:
    return Client(user, password, account_sid=DEMO.twilio.sid, http_client=_Rewriting(simulator))


class _Rewriting(AsyncHttpClient):  # type: ignore[misc]
    """Twilio's client on httpx, with every request to Twilio's host sent to the simulator."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._simulator = simulator

    async def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        address = httpx.URL(uri)
        assert address.host in ("api.twilio.com", "messaging.twilio.com"), uri
        response = await self._simulator.http.request(
            method,
            address.raw_path.decode(),
            params=params or None,
            data=data,
            headers=headers,
            auth=auth,
        )
        return Response(response.status_code, response.text, response.headers)
