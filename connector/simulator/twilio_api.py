"""Twilio's REST API, as much of it as a connector uses. Facts: https://www.twilio.com/docs/messaging/api"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from multidict import MultiMapping

from connector.simulator.calls import basic, is_web_address
from connector.simulator.exchange import Exchange, cut, hold
from connector.simulator.phonebook import Message
from connector.simulator.twilio_forms import (
    API_VERSION,
    Refusal,
    error,
    is_possible,
    media_sids,
    message_resource,
    picture,
    rfc2822,
)
from connector.simulator.twilio_pages import list_messages, single_page
from connector.simulator.twilio_site import TwilioSite
from connector.simulator.world import TwilioLine

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_ROOT = f"/{API_VERSION}/Accounts/{{account}}"
_BODY_LIMIT = 1600


class TwilioApi:
    def __init__(self, exchange: Exchange, site: TwilioSite) -> None:
        self._exchange = exchange
        self._book = exchange.book
        self._account = exchange.world.twilio
        self._site = site
        self._passes = (
            basic(self._account.sid, self._account.auth_token),
            basic(self._account.api_key, self._account.api_secret),
        )

    def routes(self) -> list[web.RouteDef]:
        guarded = self._guarded
        return [
            web.get(f"{_ROOT}.json", guarded(self._show_account)),
            web.get(f"{_ROOT}/Balance.json", guarded(self._show_balance)),
            web.post(f"{_ROOT}/Messages.json", guarded(self._create)),
            web.get(f"{_ROOT}/Messages.json", guarded(self._list)),
            web.get(f"{_ROOT}/Messages/{{sid:\\w+}}.json", guarded(self._show)),
            web.get(f"{_ROOT}/Messages/{{sid:\\w+}}/Media.json", guarded(self._list_media)),
            web.get(f"{_ROOT}/Messages/{{sid:\\w+}}/Media/{{media:\\w+}}", guarded(self._show_picture)),
            web.get(f"{_ROOT}/IncomingPhoneNumbers.json", guarded(self._list_lines)),
            web.post(f"{_ROOT}/IncomingPhoneNumbers/{{sid:\\w+}}.json", guarded(self._change_line)),
            web.route("*", f"/{API_VERSION}/{{rest:.*}}", guarded(self._unknown)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
                if not any(hmac.compare_digest(given, known.encode()) for known in self._passes):
                    raise Refusal(20003)
                if request.match_info.get("account", self._account.sid) != self._account.sid:
                    raise Refusal(20404)
                return await handler(request)
            except Refusal as refusal:
                return _refuse(refusal.code)

        return guarded

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        recipient, sender, body = (_field(form, name) for name in ("To", "From", "Body"))
        media = len(form.getall("MediaUrl", []))
        callback = _field(form, "StatusCallback") or None
        self._check(form, sender, recipient, body, media, callback)
        rule = self._exchange.behaviours.take(recipient)
        if rule.send == "timeout":
            return await hold(request)
        if rule.send in ("429", "500") or rule.rejects_with:
            raise Refusal(rule.rejects_with or {"429": 20429, "500": 20500}[rule.send])
        message = self._site.accept(sender, recipient, body, media, callback)
        await self._book.saved()
        if rule.receipts == "early":
            await self._site.deliver(message, rule, at_once=True)
        else:
            self._exchange.tasks.start(f"deliver {message.id}", self._site.deliver(message, rule))
        if rule.send == "accept_then_drop":
            return cut(request)
        return web.json_response(message_resource(message, self._account.sid), status=201)

    def _check(
        self,
        form: MultiMapping[object],
        sender: str,
        recipient: str,
        body: str,
        media: int,
        callback: str | None,
    ) -> None:
        problems = (
            (not recipient, 21604),
            ("MessagingServiceSid" in form, 21701),
            (not sender, 21603),
            (not body and not media, 21602),
            (not is_possible(recipient) or recipient in self._site.lines(), 21211),
            (sender not in self._site.lines(), 21606),
            (len(body) > _BODY_LIMIT, 21617),
            (callback is not None and not is_web_address(callback), 21609),
            (self._book.is_opted_out(recipient, sender), 21610),
        )
        for is_wrong, code in problems:
            if is_wrong:
                raise Refusal(code)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(message_resource(self._find(request), self._account.sid))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        messages = self._book.messages(lambda message: message.provider == "twilio")
        return web.json_response(list_messages(messages, request.path, request.query, self._account.sid))

    async def _list_media(self, request: web.Request) -> web.StreamResponse:
        message = self._find(request)
        root = f"/{API_VERSION}/Accounts/{self._account.sid}/Messages/{message.id}/Media"
        resources: list[dict[str, object]] = [
            {
                "sid": media,
                "account_sid": self._account.sid,
                "parent_sid": message.id,
                "content_type": "image/png",
                "date_created": rfc2822(message.created_at),
                "date_updated": rfc2822(message.created_at),
                "uri": f"{root}/{media}.json",
            }
            for media in media_sids(message)
        ]
        return web.json_response(single_page("media_list", resources, request.path))

    async def _show_picture(self, request: web.Request) -> web.StreamResponse:
        media = request.match_info["media"]
        if media not in media_sids(self._find(request)):
            raise Refusal(20404)
        return web.Response(body=picture(media), content_type="image/png")

    async def _show_account(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {
                "sid": self._account.sid,
                "auth_token": self._account.auth_token,
                "friendly_name": "Simulated account",
                "owner_account_sid": self._account.sid,
                "status": "active",
                "type": "Full",
                "uri": f"/{API_VERSION}/Accounts/{self._account.sid}.json",
            }
        )

    async def _show_balance(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"account_sid": self._account.sid, "balance": "42.17", "currency": "USD"})

    async def _list_lines(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("PhoneNumber", "")
        resources = [self._line(line) for line in self._account.lines if wanted in line.number]
        return web.json_response(single_page("incoming_phone_numbers", resources, request.path))

    async def _change_line(self, request: web.Request) -> web.StreamResponse:
        line = next((line for line in self._account.lines if line.sid == request.match_info["sid"]), None)
        if line is None:
            raise Refusal(20404)
        form = await request.post()
        if "SmsUrl" in form:
            url = _field(form, "SmsUrl")
            if url and not is_web_address(url):
                raise Refusal(21402)
            self._book.set_line_url(line.number, url)
            await self._book.saved()
        return web.json_response(self._line(line))

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        raise Refusal(20404)

    def _line(self, line: TwilioLine) -> dict[str, object]:
        return {
            "sid": line.sid,
            "account_sid": self._account.sid,
            "phone_number": line.number,
            "friendly_name": line.name,
            "api_version": API_VERSION,
            "capabilities": {"voice": False, "sms": True, "mms": True, "fax": False},
            "sms_url": self._site.hook_url(line.number) or "",
            "sms_method": "POST",
            "sms_fallback_url": "",
            "sms_fallback_method": "POST",
            "sms_application_sid": "",
            "status": "in-use",
            "uri": f"/{API_VERSION}/Accounts/{self._account.sid}/IncomingPhoneNumbers/{line.sid}.json",
        }

    def _find(self, request: web.Request) -> Message:
        message = self._book.find(request.match_info["sid"])
        if message is None or message.provider != "twilio":
            raise Refusal(20404)
        return message


def _refuse(code: int) -> web.Response:
    status, body = error(code)
    return web.json_response(body, status=status)


def _field(form: MultiMapping[object], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
