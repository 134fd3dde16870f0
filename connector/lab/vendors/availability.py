"""Whether the vendors can be reached, and what they answer when they are not well."""

from __future__ import annotations

import asyncio
import select
import socket
from typing import Literal

from aiohttp import web
from msgspec import Struct

from connector.lab.vendors.send_behaviour import Company

OutageKind = Literal["refuse", "503", "html"]

# A held call ends when its caller hangs up, and must not keep a stopping simulator.
_GOODBYE_S = 0.5
_PAGE = "<!doctype html><title>Sorry</title><h1>We are working on it</h1>\n"


class ActiveOutage(Struct, frozen=True):
    """`refuse`: no connection is taken, for either company; `503` and `html` (status 200): every answer is a web page.

    A company in trouble makes no hook either.
    """

    how: OutageKind
    provider: Company | None = None


class VendorListener:
    """A website on a port of 127.0.0.1; while it is closed, connections are refused.

    Every call has a connection of its own, so that none is left which a closed website would still have to serve.
    """

    def __init__(self, port: int = 0) -> None:
        website = web.Application()
        website.on_response_prepare.append(_once)
        self.add_routes = website.add_routes
        self._runner = web.AppRunner(website, access_log=None, shutdown_timeout=_GOODBYE_S)
        self._port = port
        self._socket: socket.socket
        self._site: web.SockSite | None = None

    async def setup(self) -> None:
        """Once all routes are there."""
        await self._runner.setup()
        await self.open()

    async def cleanup(self) -> None:
        await self._runner.cleanup()

    async def open(self) -> None:
        if self._site is None:
            self._socket = socket.create_server(("127.0.0.1", self._port))
            self._port = self._socket.getsockname()[1]
            self._site = web.SockSite(self._runner, self._socket)
            try:
                await self._site.start()
            except BaseException:
                asyncio.get_running_loop().remove_reader(self._socket)
                self._socket.close()
                raise

    async def close(self) -> None:
        """Calls that are under way end as they would."""
        if self._site is not None:
            # Closing resets who is connected and not yet taken in, which is something else than being refused. The
            # loop takes them in one turn after it has seen them.
            quiet_turns = 0
            while quiet_turns < 2:
                await asyncio.sleep(0)
                is_quiet = not select.select([self._socket], [], [], 0)[0]
                quiet_turns = quiet_turns + 1 if is_quiet else 0
            await self._site.stop()
            self._site = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"


async def _once(request: web.Request, response: web.StreamResponse) -> None:
    response.force_close()
    # Said as well as done: a caller who is not told may send its next call into the closing connection.
    response.headers["Connection"] = "close"


class Availability:
    def __init__(self, listener: VendorListener) -> None:
        self._listener = listener
        self._troubles: list[ActiveOutage] = []
        self._changed = asyncio.Event()

    async def begin(self, trouble: ActiveOutage) -> None:
        await self._now([*self._troubles, trouble])

    async def end(self, trouble: ActiveOutage | None = None) -> None:
        """End this trouble, or all of them."""
        await self._now([other for other in self._troubles if trouble is not None and other is not trouble])

    def trouble(self, provider: Company) -> ActiveOutage | None:
        """What keeps this company from working, if anything does."""
        return next((one for one in self._troubles if one.provider in (None, provider)), None)

    def answer(self, provider: Company) -> web.Response | None:
        """The answer to every call of the core's, while there is trouble; None when it goes its usual way."""
        trouble = self.trouble(provider)
        if trouble is None or trouble.how == "refuse":  # it was there before the door was shut
            return None
        return page(200 if trouble.how == "html" else 503)

    async def opened(self, provider: Company) -> None:
        """Wait until this company works."""
        while self.trouble(provider) is not None:
            self._changed.clear()
            await self._changed.wait()

    async def _now(self, troubles: list[ActiveOutage]) -> None:
        self._troubles = troubles
        self._changed.set()
        if any(one.how == "refuse" for one in troubles):
            await self._listener.close()
        else:
            await self._listener.open()


def page(status: int) -> web.Response:
    """An answer in no form of the company's own."""
    return web.Response(status=status, text=_PAGE, content_type="text/html")
