"""Twilio's message resource, and the routes of the whole API.

Facts: https://www.twilio.com/docs/messaging/api/message-resource
"""

from __future__ import annotations

from aiohttp import web
from msgspec import Struct
from multidict import MultiMapping

from connector.lab.vendors.availability import page
from connector.lab.vendors.context import VendorContext, cut, hold
from connector.lab.vendors.hook_client import is_web_address
from connector.lab.vendors.phonebook import VendorMessage
from connector.lab.vendors.twilio.authentication import ACCOUNT_PATH, ApiAccess, field
from connector.lab.vendors.twilio.forms import API_VERSION, ApiError, is_possible, message_resource
from connector.lab.vendors.twilio.media import TwilioMedia
from connector.lab.vendors.twilio.messaging import TwilioMessaging
from connector.lab.vendors.twilio.numbers import TwilioNumbers
from connector.lab.vendors.twilio.pages import list_messages
from connector.lab.vendors.twilio.services import TwilioServices
from connector.sms.lengths import length
from connector.sms.segments import measure

_BODY_LIMIT, _MOST_MEDIA = 1600, 10
_SHORTEST_VALIDITY_S, _LONGEST_VALIDITY_S = 1, 36_000


class SendForm(Struct, frozen=True, kw_only=True):
    """The form of a send request; missing fields are blank or None."""

    recipient: str
    sender: str
    service: str
    body: str
    media_urls: list[str]
    callback: str | None
    validity: str


class TwilioApi:
    def __init__(self, context: VendorContext, messaging: TwilioMessaging) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._account = context.twilio
        self._messaging = messaging
        self._access = ApiAccess(self._account.sid, messaging.records.account, context.availability)

    def routes(self) -> list[web.RouteDef]:
        guarded = self._access.guarded
        return [
            web.post(f"{ACCOUNT_PATH}/Messages.json", guarded(self._create)),
            web.get(f"{ACCOUNT_PATH}/Messages.json", guarded(self._list)),
            web.get(f"{ACCOUNT_PATH}/Messages/{{sid:\\w+}}.json", guarded(self._show)),
            *TwilioNumbers(self._context, self._messaging).routes(self._access),
            *TwilioMedia(self._context).routes(self._access),
            *TwilioServices(self._context).routes(self._access),
            web.route("*", f"/{API_VERSION}/{{rest:.*}}", guarded(_unknown)),
            web.route("*", "/v1/{rest:.*}", guarded(_unknown)),
        ]

    async def _create(self, request: web.Request) -> web.StreamResponse:
        wanted = _read(await request.post())
        self._check(wanted)
        sender = wanted.sender or self._messaging.records.sender_of(wanted.service, wanted.recipient)
        self._check_sender(wanted, sender)
        behaviour = self._context.send_behaviour("twilio", wanted.recipient)
        if behaviour.send == "timeout":
            return await hold(request, self._context.clock, behaviour.held_s)
        if behaviour.send == "html":
            return page(200)
        if behaviour.rejects_with:
            raise ApiError(behaviour.rejects_with)
        if behaviour.fails_with:
            raise ApiError(20000 + behaviour.fails_with, behaviour.retry_after_s)
        message = self._messaging.accept(
            sender,
            wanted.recipient,
            wanted.body,
            wanted.media_urls,
            callback=wanted.callback or self._messaging.records.service_callback(wanted.service),
            service=wanted.service or None,
            validity_s=int(wanted.validity) if wanted.validity else None,
            segments=behaviour.bills,
        )
        await self._phonebook.saved()
        if behaviour.receipts == "early":
            await self._messaging.deliver(message, behaviour, at_once=True)
        else:
            self._context.start_task(f"deliver {message.id}", self._messaging.deliver(message, behaviour))
        if behaviour.send == "accept_then_drop":
            return cut(request)
        return web.json_response(message_resource(message, self._account.sid), status=201)

    def _check(self, wanted: SendForm) -> None:
        service = self._messaging.records.service(wanted.service)
        ours = self._messaging.lines()
        problems = (
            (not wanted.recipient, 21604),
            (wanted.service and service is None, 21701),
            (not wanted.sender and not wanted.service, 21603),
            (not wanted.body and not wanted.media_urls, 21602),
            (not is_possible(wanted.recipient) or wanted.recipient in ours, 21211),
            (wanted.sender and wanted.sender not in ours, 21606),
            (wanted.service and not self._messaging.records.senders_of(wanted.service), 21704),
            (wanted.service and wanted.sender not in ("", *self._messaging.records.senders_of(wanted.service)), 21711),
            (length(wanted.body, "utf16_units") > _BODY_LIMIT, 21617),
            (len(wanted.media_urls) > _MOST_MEDIA, 21623),
            (not all(map(is_web_address, wanted.media_urls)), 21620),
            (wanted.callback is not None and not is_web_address(wanted.callback), 21609),
            (not _is_validity(wanted.validity), 20001),
            (not self._messaging.records.account.may_text(wanted.recipient), 21608),
        )
        _refuse_first(problems)

    def _check_sender(self, wanted: SendForm, sender: str) -> None:
        account = self._messaging.records.account
        segments = measure(wanted.body).segments or 1
        problems = (
            (not account.lines[sender].sms, 21606),
            (wanted.media_urls and not account.lines[sender].mms, 21621),
            (self._phonebook.is_opted_out(wanted.recipient, sender), 21610),
        )
        _refuse_first(problems)
        if account.is_too_fast(sender, segments, self._context.clock.now()):
            raise ApiError(20429)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(message_resource(self._find(request), self._account.sid))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        messages = self._phonebook.messages(lambda message: message.provider == "twilio")
        return web.json_response(list_messages(messages, request.path, request.query, self._account.sid))

    def _find(self, request: web.Request) -> VendorMessage:
        message = self._phonebook.find(request.match_info["sid"])
        if message is None or message.provider != "twilio":
            raise ApiError(20404)
        return message


async def _unknown(request: web.Request) -> web.StreamResponse:
    raise ApiError(20404)


def _read(form: MultiMapping[object]) -> SendForm:
    return SendForm(
        recipient=field(form, "To"),
        sender=field(form, "From"),
        service=field(form, "MessagingServiceSid"),
        body=field(form, "Body"),
        media_urls=[str(url) for url in form.getall("MediaUrl", [])],
        callback=field(form, "StatusCallback") or None,
        validity=field(form, "ValidityPeriod"),
    )


def _is_validity(text: str) -> bool:
    return not text or (text.isdecimal() and _SHORTEST_VALIDITY_S <= int(text) <= _LONGEST_VALIDITY_S)


def _refuse_first(problems: tuple[tuple[object, int], ...]) -> None:
    for is_wrong, code in problems:
        if is_wrong:
            raise ApiError(code)
