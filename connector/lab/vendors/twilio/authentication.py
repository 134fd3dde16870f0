"""Authentication of Twilio's API, and its error responses."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from multidict import MultiMapping

from connector.lab.vendors.availability import Availability
from connector.lab.vendors.twilio.account_state import AccountState
from connector.lab.vendors.twilio.forms import API_VERSION, ApiError, error

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ACCOUNT_PATH = f"/{API_VERSION}/Accounts/{{account}}"


class ApiAccess:
    def __init__(self, account_sid: str, account: AccountState, availability: Availability) -> None:
        self._sid = account_sid
        self._account = account
        self._availability = availability

    def guarded(self, handler: Handler, *, of_owner: bool = False) -> Handler:
        """A handler that refuses requests without the credentials of this account; `of_owner`: without its owner's.

        The owner of a suspended account can still read it, and nothing else (unverified).
        """

        async def guarded(request: web.Request) -> web.StreamResponse:
            if outage := self._availability.outage_page("twilio"):
                return outage
            try:
                owner, key = self._account.authorizations
                given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
                allowed = (owner,) if of_owner else (owner, key)
                if not any(hmac.compare_digest(given, known.encode()) for known in allowed):
                    raise ApiError(20003)
                if self._account.rule.status != "active" and not of_owner:
                    raise ApiError(20003)
                if request.match_info.get("account", self._sid) != self._sid:
                    raise ApiError(20404)
                return await handler(request)
            except ApiError as refusal:
                return error_response(refusal)

        return guarded


def error_response(refusal: ApiError) -> web.Response:
    status, body = error(refusal.code)
    headers = {} if refusal.retry_after_s is None else {"Retry-After": str(refusal.retry_after_s)}
    return web.json_response(body, status=status, headers=headers)


def field(form: MultiMapping[object], name: str) -> str:
    """A text field of a form; blank when it is missing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
