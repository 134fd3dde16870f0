"""OpenMarket's Global SMS API v4, the part that a connector uses for texts: send, and poll the status."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from uuid import uuid4

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from connector.lab.vendors.availability import page
from connector.lab.vendors.context import VendorContext, cut, hold
from connector.lab.vendors.hook_client import basic, is_web_address
from connector.lab.vendors.openmarket.forms import TOO_OLD, error, segments_of, status
from connector.lab.vendors.openmarket.messaging import OpenMarketMessaging
from connector.lab.vendors.twilio.forms import is_possible

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PATH = "/sms/v4/mt"
_ASKABLE_MS = 5 * 24 * 3600 * 1000


class _Party(Struct):
    address: str


class _TextContent(Struct, rename="camel"):
    """Without `mlc`, what is too long for one segment is refused: the default is not documented."""

    content: str
    type: Literal["text"] = "text"
    mlc: Literal["reject", "truncate", "segment"] = "reject"
    validity_period: Annotated[int, Meta(ge=1, le=259_200)] | None = None


class _Delivery(Struct, rename="camel"):
    receipt_requested: Literal["final"] | None = None
    url: str | None = None


class _Terminate(Struct):
    destination: _Party
    message: _TextContent
    source: _Party | None = None
    delivery: _Delivery | None = None


class _Request(Struct, rename="camel"):
    mobile_terminate: _Terminate


class _Refusal(Exception):
    def __init__(self, http: int, code: int, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.http, self.code, self.retry_after_s = http, code, retry_after_s


class OpenMarketApi:
    def __init__(self, context: VendorContext, site: OpenMarketMessaging) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._account = context.openmarket
        self._site = site
        self._authorization = basic(self._account.account_id, self._account.password)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(_PATH, self._guarded(self._send)),
            web.get(f"{_PATH}/{{ticket}}/status", self._guarded(self._status)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if outage := self._context.availability.outage_page("openmarket"):
                return outage
            try:
                given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
                if not hmac.compare_digest(given, self._authorization.encode()):
                    raise _Refusal(401, 401)
                response = await handler(request)
            except _Refusal as refusal:
                response = web.json_response(error(refusal.code), status=refusal.http)
                if refusal.retry_after_s is not None:
                    response.headers["Retry-After"] = str(refusal.retry_after_s)
            response.headers["X-Request-Id"] = str(uuid4())
            return response

        return guarded

    async def _send(self, request: web.Request) -> web.StreamResponse:
        try:
            wanted = msgspec.json.decode(await request.read(), type=_Request).mobile_terminate
        except msgspec.MsgspecError:
            raise _Refusal(400, 301) from None
        recipient = "+" + wanted.destination.address
        source = wanted.source.address if wanted.source else self._account.short_code
        self._check(wanted, recipient, source)
        behaviour = self._context.send_behaviour("openmarket", recipient)
        if behaviour.send == "timeout":
            return await hold(request, self._context.clock, behaviour.held_s)
        if behaviour.send == "html":
            return page(200)
        if behaviour.fails_with:
            raise _Refusal(behaviour.fails_with, behaviour.fails_with, behaviour.retry_after_s)
        if behaviour.rejects_with:
            raise _Refusal(400, behaviour.rejects_with)
        callback, validity_s = self._callback(wanted.delivery), wanted.message.validity_period
        message = self._site.accept(source, recipient, wanted.message.content, callback, validity_s)
        await self._phonebook.saved()
        if behaviour.receipts == "early":
            await self._site.deliver(message, behaviour, at_once=True)
        else:
            self._context.start_task(f"deliver {message.id}", self._site.deliver(message, behaviour))
        if behaviour.send == "accept_then_drop":
            return cut(request)
        return web.Response(status=202, headers={"Location": f"{self._context.url}{_PATH}/{message.id}"})

    def _check(self, wanted: _Terminate, recipient: str, source: str) -> None:
        text, delivery = wanted.message, wanted.delivery
        if not (wanted.destination.address.isdecimal() and is_possible(recipient)):
            raise _Refusal(400, 321)
        if source != self._account.short_code:
            raise _Refusal(400, 322)
        if not text.content or (text.mlc != "segment" and segments_of(text.content) > 1):
            raise _Refusal(400, 301)
        if delivery and delivery.url and not (12 <= len(delivery.url) <= 2048 and is_web_address(delivery.url)):
            raise _Refusal(400, 301)

    def _callback(self, delivery: _Delivery | None) -> str | None:
        if delivery is None:
            return None
        return delivery.url or self._context.hook_target.hook("openmarket", self._account.name, "receipt")

    async def _status(self, request: web.Request) -> web.StreamResponse:
        message = self._phonebook.find(request.match_info["ticket"])
        if message is None or message.provider != "openmarket" or message.direction == "inbound":
            raise _Refusal(404, 404)
        if self._context.clock.now() - message.created_at > _ASKABLE_MS:
            raise _Refusal(400, TOO_OLD)
        return web.json_response(status(message))
