"""A stand-in for Kannel's smsbox, written from its user guide 1.4.5 alone: `sendsms`, and the calls it makes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

import httpx
from aiohttp import web

USERNAME, PASSWORD = "textdesk", "the password of kannel"
TAKEN = (202, "0: Accepted for delivery")
FULL = (503, "Temporal failure, try again later.")
NOT_ROUTABLE = (403, "Not routable. Do not try again.")


@dataclass
class StandInSmsbox:
    """`answers`: of the next calls that name the user, the last of them also of all later ones.

    A None is no answer: the call ends with `release`.
    """

    answers: list[tuple[int, str] | None] = field(default_factory=lambda: [TAKEN])
    texts: list[dict[str, str]] = field(default_factory=list)  # what it was given, one for each such call
    hangs: bool = False  # nothing is answered at all
    pings: int = 0  # calls without a user
    port: int = 0
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/sendsms"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[StandInSmsbox]:
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/cgi-bin/sendsms", self._sendsms)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        self.release()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def release(self) -> None:
        """End the calls without an answer, as a smsbox that is killed does."""
        self._released.set()
        self._released = asyncio.Event()

    async def _sendsms(self, request: web.Request) -> web.Response:
        query = request.rel_url.raw_query_string
        octets = {name: values[0] for name, values in parse_qs(query, encoding="latin-1").items()}
        given = {name: value.encode("latin-1").decode() if name != "udh" else value for name, value in octets.items()}
        self.pings += "username" not in given
        if self.hangs:
            return await self._silent(request)
        if (given.get("username"), given.get("password")) != (USERNAME, PASSWORD):
            return web.Response(status=403, text="Authorization failed for sendsms")
        self.texts.append(given)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            return await self._silent(request)
        return web.Response(status=answer[0], text=answer[1])

    async def _silent(self, request: web.Request) -> web.Response:
        await self._released.wait()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    # Its own calls

    async def bring(self, http: httpx.AsyncClient, get_url: str, **values: bytes | str) -> int:
        """Call a get-url with its escape codes (table 7-10) replaced; the status of the answer."""
        codes = {name: value.encode() if isinstance(value, str) else value for name, value in values.items()}
        url = re.sub("%([a-zA-Z])", lambda found: quote(codes.get(found[1], b""), safe=""), get_url)
        return (await http.get(url)).status_code

    async def report(self, http: httpx.AsyncClient, text: int, event: int, answer: str = "") -> int:
        """Call the dlr-url of one of `texts`."""
        return await self.bring(http, self.texts[text]["dlr-url"].replace("%%", "%"), d=str(event), A=answer)
