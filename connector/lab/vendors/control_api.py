"""The simulator's control API, for tests and the demo: plain JSON beside the vendors' APIs.

- `POST /sim/core` {"url"}: the address of the core's hooks; the script, if any, begins.
- `POST /sim/text` {"from", "to", "text", "media"?, "sid"?, "fields"?}: a consumer texts in, with `fields` of the hook
  beside or instead of the usual ones (`ButtonText`; at OpenMarket those of `message`). Returns {"ids", "statuses"}: one
  of each for every hook sent. With the `sid` of an earlier text, that text is sent again unchanged; a new `sid` is the
  id of this text.
- `GET /sim/log?number=…`: {"messages"}, oldest first, with the fields of `phonebook.VendorMessage`.
- `POST /sim/behaviour`: the fields of `send_behaviour.NumberRule`.
- `GET /sim/faults`: {"under_way", "done"}: how many hooks, receipts and consumers are in progress, and how often each
  fault has happened.
- `POST /sim/door` {"how", "provider"?}: begin an outage, as in `availability.ActiveOutage`; {"how": "open"} ends all.
- `POST /sim/account`: the state of the Twilio account, the fields of `account_state.AccountRule`.
- `POST /sim/line`: the state of one of its numbers, the fields of `account_state.LineRule`.

It is served on a port of its own as well, which also answers while the vendors refuse connections.

A request that cannot be carried out is refused with 400 and {"error": a sentence}.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from connector.lab.vendors.availability import ActiveOutage, OutageKind
from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.hook_client import is_web_address
from connector.lab.vendors.send_behaviour import Company, NumberRule
from connector.lab.vendors.twilio.account_state import AccountRule, LineRule
from connector.lab.vendors.twilio.forms import is_possible
from connector.lab.vendors.twilio.records import TwilioRecords

T = TypeVar("T")


class _HookAddress(Struct, forbid_unknown_fields=True):
    url: str


class _TextForm(Struct, forbid_unknown_fields=True, rename={"sender": "from", "line": "to"}):
    sender: str
    line: str
    text: str
    media: Annotated[int, Meta(ge=0, le=10)] = 0
    sid: str | None = None
    fields: dict[str, str] = {}


class _Outage(Struct, forbid_unknown_fields=True):
    how: OutageKind | Literal["open"]
    provider: Company | None = None


class ControlApi:
    def __init__(self, context: VendorContext, twilio: TwilioRecords) -> None:
        self._context = context
        self._twilio = twilio

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/sim/core", self._core),
            web.post("/sim/text", self._text),
            web.get("/sim/log", self._log),
            web.post("/sim/behaviour", self._behaviour),
            web.get("/sim/faults", self._faults),
            web.post("/sim/door", self._door),
            web.post("/sim/account", self._account),
            web.post("/sim/line", self._line),
        ]

    async def _core(self, request: web.Request) -> web.Response:
        core = await _read(request, _HookAddress)
        if not is_web_address(core.url):
            raise _bad("url must be the http address under which the core's /hooks are.")
        self._context.hook_target.move_to(core.url)
        return web.json_response({})

    async def _text(self, request: web.Request) -> web.Response:
        wanted = await _read(request, _TextForm)
        vendor = self._context.vendor_of(wanted.line)
        if vendor is None:
            raise _bad(f"to: {wanted.line} is not a line of this world.")
        if not is_possible(wanted.sender):
            raise _bad(f"from: {wanted.sender} is not a possible number; write it like +14155550111.")
        try:
            delivery = await vendor.text(
                wanted.sender, wanted.line, wanted.text, wanted.media, wanted.sid, wanted.fields
            )
        except ValueError as error:
            raise _bad(str(error)) from error
        return web.json_response(msgspec.to_builtins(delivery))

    async def _log(self, request: web.Request) -> web.Response:
        number = request.query.get("number")
        messages = self._context.phonebook.messages(
            lambda message: number is None or number in (message.sender, message.recipient)
        )
        return web.json_response({"messages": msgspec.to_builtins(messages)})

    async def _behaviour(self, request: web.Request) -> web.Response:
        self._context.number_rules.set(await _read(request, NumberRule))
        return web.json_response({})

    async def _faults(self, request: web.Request) -> web.Response:
        context = self._context
        return web.json_response({"under_way": context.under_way, "done": dict(context.faults.done)})

    async def _door(self, request: web.Request) -> web.Response:
        wanted = await _read(request, _Outage)
        if wanted.how == "open":
            await self._context.availability.end()
        else:
            await self._context.availability.begin(ActiveOutage(wanted.how, wanted.provider))
        return web.json_response({})

    async def _account(self, request: web.Request) -> web.Response:
        self._twilio.account.set(await _read(request, AccountRule))
        return web.json_response({})

    async def _line(self, request: web.Request) -> web.Response:
        rule = await _read(request, LineRule)
        if rule.number not in self._twilio.lines():
            raise _bad(f"number: {rule.number} is not a number of the Twilio account.")
        self._twilio.account.set_line(rule)
        self._context.phonebook.set_line(rule.number, {"sms_application_sid": rule.application_sid})
        await self._context.phonebook.saved()
        return web.json_response({})


async def _read(request: web.Request, type_: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=type_)
    except msgspec.MsgspecError as error:
        raise _bad(str(error)) from error


def _bad(words: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=msgspec.json.encode({"error": words}).decode(), content_type="application/json")
