"""Outages of the vendors: refused connections, and responses that are not their API's."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from msgspec import Struct

from connector.lab.vendors.listener import VendorListener
from connector.lab.vendors.send_behaviour import Company

OutageKind = Literal["refuse", "503", "html"]

_PAGE = "<!doctype html><title>Sorry</title><h1>We are working on it</h1>\n"


class ActiveOutage(Struct, frozen=True):
    """`refuse`: no connection is accepted, at either vendor; `503` and `html` (status 200): responses are web pages.

    During an outage the vendor sends no hooks either.
    """

    how: OutageKind
    provider: Company | None = None


class Availability:
    """The outages in effect."""

    def __init__(self, listener: VendorListener) -> None:
        self._listener = listener
        self._outages: list[ActiveOutage] = []
        self._changed = asyncio.Event()

    async def begin(self, outage: ActiveOutage) -> None:
        await self._set([*self._outages, outage])

    async def end(self, outage: ActiveOutage | None = None) -> None:
        """End this outage, or all of them."""
        await self._set([other for other in self._outages if outage is not None and other is not outage])

    def outage_of(self, provider: Company) -> ActiveOutage | None:
        return next((one for one in self._outages if one.provider in (None, provider)), None)

    def outage_page(self, provider: Company) -> web.Response | None:
        """The response to every request during an outage of this vendor; None when it works."""
        outage = self.outage_of(provider)
        if outage is None or outage.how == "refuse":  # this connection was accepted before the website was closed
            return None
        return page(200 if outage.how == "html" else 503)

    async def wait_until_up(self, provider: Company) -> None:
        while self.outage_of(provider) is not None:
            self._changed.clear()
            await self._changed.wait()

    async def _set(self, outages: list[ActiveOutage]) -> None:
        self._outages = outages
        self._changed.set()
        if any(one.how == "refuse" for one in outages):
            await self._listener.close()
        else:
            await self._listener.open()


def page(status: int) -> web.Response:
    """A web page where the vendor's JSON is expected."""
    return web.Response(status=status, text=_PAGE, content_type="text/html")
