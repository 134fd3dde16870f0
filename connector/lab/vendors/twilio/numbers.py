"""Twilio's account, balance and number resources.

Facts: https://www.twilio.com/docs/iam/api/account and https://www.twilio.com/docs/phone-numbers/api
"""

from __future__ import annotations

from aiohttp import web

from connector.lab.vendors.accounts import TwilioLine
from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.hook_client import is_web_address
from connector.lab.vendors.twilio.account_state import line_of
from connector.lab.vendors.twilio.authentication import ACCOUNT_PATH, ApiAccess, field
from connector.lab.vendors.twilio.forms import API_VERSION, ApiError
from connector.lab.vendors.twilio.messaging import TwilioMessaging
from connector.lab.vendors.twilio.pages import single_page


class TwilioNumbers:
    def __init__(self, context: VendorContext, messaging: TwilioMessaging) -> None:
        self._phonebook = context.phonebook
        self._account = context.twilio
        self._state = messaging.records.account
        self._messaging = messaging

    def routes(self, access: ApiAccess) -> list[web.RouteDef]:
        guarded = access.guarded
        numbers = f"{ACCOUNT_PATH}/IncomingPhoneNumbers"
        return [
            web.get(f"{ACCOUNT_PATH}.json", guarded(self._show_account, of_owner=True)),
            web.get(f"{ACCOUNT_PATH}/Balance.json", guarded(self._show_balance)),
            web.get(f"{numbers}.json", guarded(self._list)),
            web.get(f"{numbers}/{{sid:\\w+}}.json", guarded(self._show)),
            web.post(f"{numbers}/{{sid:\\w+}}.json", guarded(self._change)),
        ]

    async def _show_account(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {
                "sid": self._account.sid,
                "auth_token": self._state.token,
                "friendly_name": "Simulated account",
                "owner_account_sid": self._account.sid,
                "status": self._state.rule.status,
                "type": self._state.rule.type,
                "uri": f"/{API_VERSION}/Accounts/{self._account.sid}.json",
            }
        )

    async def _show_balance(self, request: web.Request) -> web.StreamResponse:
        rule = self._state.rule
        return web.json_response({"account_sid": self._account.sid, "balance": rule.balance, "currency": rule.currency})

    async def _list(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("PhoneNumber", "")
        resources = [self._resource(line) for line in self._account.lines if wanted in line.number]
        return web.json_response(single_page("incoming_phone_numbers", resources, request.path))

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._resource(self._line(request)))

    async def _change(self, request: web.Request) -> web.StreamResponse:
        line = self._line(request)
        form = await request.post()
        changes = {name: field(form, name) for name in _CHANGEABLE if name in form}
        if any(url and not is_web_address(url) for name, url in changes.items() if name.endswith("Url")):
            raise ApiError(21402)
        self._phonebook.set_line(line.number, {_CHANGEABLE[name]: value for name, value in changes.items()})
        await self._phonebook.saved()
        return web.json_response(self._resource(line))

    def _line(self, request: web.Request) -> TwilioLine:
        line = line_of(self._account, request.match_info["sid"])
        if line is None:
            raise ApiError(20404)
        return line

    def _resource(self, line: TwilioLine) -> dict[str, object]:
        rule = self._state.lines[line.number]
        settings = self._phonebook.line(line.number)
        return {
            "sid": line.sid,
            "account_sid": self._account.sid,
            "phone_number": line.number,
            "friendly_name": line.name,
            "capabilities": {"voice": True, "sms": rule.sms, "mms": rule.mms, "fax": False},
            "sms_url": self._messaging.records.number_url(line.number) or "",
            "sms_method": settings.get("sms_method", "POST"),
            "sms_fallback_url": settings.get("sms_fallback_url", ""),
            "sms_fallback_method": settings.get("sms_fallback_method", "POST"),
            "sms_application_sid": settings.get("sms_application_sid", ""),
            "status": "in-use",
            "uri": f"/{API_VERSION}/Accounts/{self._account.sid}/IncomingPhoneNumbers/{line.sid}.json",
        }


# Fields that can be changed: their name in a form, and in the resource.
_CHANGEABLE = {
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "SmsApplicationSid": "sms_application_sid",
}
