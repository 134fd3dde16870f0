"""Twilio's Messaging Services: https://www.twilio.com/docs/messaging/api/service-resource

A number in a service sends its texts to the service's InboundRequestUrl, unless UseInboundWebhookOnNumber is true.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.hook_client import is_web_address
from connector.lab.vendors.twilio.account_state import line_of
from connector.lab.vendors.twilio.authentication import ApiAccess, field
from connector.lab.vendors.twilio.forms import ApiError, country, iso8601
from connector.lab.vendors.vendor_ids import sid

_ROOT = "/v1/Services"
_END = "{end:(\\.json)?}"  # Twilio's package omits it, other clients send it

# Fields of a service: their name in a form, in the resource, and the default.
_TEXTS = {
    "FriendlyName": ("friendly_name", ""),
    "InboundRequestUrl": ("inbound_request_url", None),
    "InboundMethod": ("inbound_method", "POST"),
    "FallbackUrl": ("fallback_url", None),
    "FallbackMethod": ("fallback_method", "POST"),
    "StatusCallback": ("status_callback", None),
    "Usecase": ("usecase", "undeclared"),
}
_FLAGS = {
    "StickySender": ("sticky_sender", True),
    "MmsConverter": ("mms_converter", True),
    "SmartEncoding": ("smart_encoding", True),
    "AreaCodeGeomatch": ("area_code_geomatch", True),
    "UseInboundWebhookOnNumber": ("use_inbound_webhook_on_number", False),
}
_WEB_ADDRESSES = ("InboundRequestUrl", "FallbackUrl", "StatusCallback")


class TwilioServices:
    def __init__(self, context: VendorContext) -> None:
        self._context = context
        self._phonebook = context.phonebook
        self._account = context.twilio

    def routes(self, access: ApiAccess) -> list[web.RouteDef]:
        guarded = access.guarded
        one, numbers = f"{_ROOT}/{{service:MG\\w+}}", f"{_ROOT}/{{service:MG\\w+}}/PhoneNumbers"
        return [
            web.get(f"{_ROOT}{_END}", guarded(self._list)),
            web.post(f"{_ROOT}{_END}", guarded(self._create)),
            web.get(f"{one}{_END}", guarded(self._show)),
            web.post(f"{one}{_END}", guarded(self._change)),
            web.get(f"{numbers}{_END}", guarded(self._list_numbers)),
            web.post(f"{numbers}{_END}", guarded(self._add_number)),
            web.delete(f"{numbers}/{{number:PN\\w+}}{_END}", guarded(self._remove_number)),
        ]

    async def _list(self, request: web.Request) -> web.StreamResponse:
        services = [self._resource(service) for service in self._phonebook.services()]
        return web.json_response(self._page("services", services, request))

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if not field(form, "FriendlyName"):
            raise ApiError(20001)
        id_ = sid("MG", self._context.seed, len(self._phonebook.services()))
        usual = dict([*_TEXTS.values(), *_FLAGS.values()])
        created = {"sid": id_, "numbers": [], "created_at": self._context.clock.now()}
        return await self._save({**created, **usual, **_changes(form)}, 201)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._resource(self._find(request)))

    async def _change(self, request: web.Request) -> web.StreamResponse:
        service = self._find(request)
        return await self._save({**service, **_changes(await request.post())}, 200)

    async def _list_numbers(self, request: web.Request) -> web.StreamResponse:
        service = self._find(request)
        numbers = [self._number(service, number) for number in service["numbers"]]
        return web.json_response(self._page("phone_numbers", numbers, request))

    async def _add_number(self, request: web.Request) -> web.StreamResponse:
        service = self._find(request)
        number = field(await request.post(), "PhoneNumberSid")
        if line_of(self._account, number) is None:
            raise ApiError(21421)
        for other in self._phonebook.services():
            if number in other["numbers"]:
                raise ApiError(21710 if other["sid"] == service["sid"] else 21712)
        await self._save({**service, "numbers": [*service["numbers"], number]}, 201)
        return web.json_response(self._number(service, number), status=201)

    async def _remove_number(self, request: web.Request) -> web.StreamResponse:
        service, number = self._find(request), request.match_info["number"]
        if number not in service["numbers"]:
            raise ApiError(20404)
        await self._save({**service, "numbers": [other for other in service["numbers"] if other != number]}, 200)
        return web.Response(status=204)

    async def _save(self, service: dict[str, Any], status: int) -> web.Response:
        service = {**service, "updated_at": self._context.clock.now()}
        self._phonebook.put_service(service)
        await self._phonebook.saved()
        return web.json_response(self._resource(service), status=status)

    def _find(self, request: web.Request) -> dict[str, Any]:
        wanted = request.match_info["service"]
        found = next((service for service in self._phonebook.services() if service["sid"] == wanted), None)
        if found is None:
            raise ApiError(20404)
        return found

    def _resource(self, service: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._context.url}{_ROOT}/{service['sid']}"
        shown = {name: service[name] for name, _ in (*_TEXTS.values(), *_FLAGS.values())}
        return {
            "sid": service["sid"],
            "account_sid": self._account.sid,
            "date_created": iso8601(service["created_at"]),
            "date_updated": iso8601(service["updated_at"]),
            "validity_period": 36000,
            "synchronous_validation": False,
            "us_app_to_person_registered": False,
            "url": url,
            "links": {"phone_numbers": f"{url}/PhoneNumbers"},
            **shown,
        }

    def _number(self, service: dict[str, Any], number: str) -> dict[str, Any]:
        line = line_of(self._account, number)
        assert line is not None, "it was checked when it was added"
        return {
            "sid": number,
            "account_sid": self._account.sid,
            "service_sid": service["sid"],
            "date_created": iso8601(service["created_at"]),
            "date_updated": iso8601(service["updated_at"]),
            "phone_number": line.number,
            "country_code": country(line.number),
            "capabilities": ["Voice", "SMS", "MMS"],
            "url": f"{self._context.url}{_ROOT}/{service['sid']}/PhoneNumbers/{number}",
        }

    def _page(self, name: str, resources: list[dict[str, Any]], request: web.Request) -> dict[str, Any]:
        url = f"{self._context.url}{request.path}"
        return {
            name: resources,
            "meta": {
                "page": 0,
                "page_size": 50,
                "first_page_url": f"{url}?PageSize=50&Page=0",
                "previous_page_url": None,
                "url": f"{url}?PageSize=50&Page=0",
                "next_page_url": None,
                "key": name,
            },
        }


def _changes(form: Any) -> dict[str, Any]:
    for name in _WEB_ADDRESSES:
        if (url := field(form, name)) and not is_web_address(url):
            raise ApiError(21402)
    texts = {resource: field(form, name) for name, (resource, _) in _TEXTS.items() if name in form}
    flags = {resource: field(form, name).lower() == "true" for name, (resource, _) in _FLAGS.items() if name in form}
    return {**texts, **flags}
