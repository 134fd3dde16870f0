"""OpenMarket, Global SMS API v4 (HTTP, JSON). Facts: https://www.openmarket.com/docs/Content/apis/v4http/"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec

from connector.providers import openmarket_hooks
from connector.providers.base import (
    Accepted,
    AccountSettings,
    Arrival,
    Capabilities,
    Found,
    Health,
    Hook,
    HookAnswer,
    Outcome,
    Outgoing,
    Secret,
    Uncertain,
    Unreadable,
)
from connector.providers.calls import (
    Advice,
    Declined,
    answer_words,
    check_address,
    check_secrets,
    declined,
    json_object,
    no_answer,
    retry_after_s,
)
from connector.providers.openmarket_codes import explain

_LONG_CODE, _SHORT_CODE, _NAME = 1, 3, 5  # OpenMarket's `ton`
_NO_TICKET = "00000-00000-00000-00000"


class OpenMarketSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="openmarket"
):
    """`[accounts.NAME]` with `provider = "openmarket"`. Without `hook_password` or `hook_key` no hook is taken."""

    account_id: str
    password: Secret
    hook_user: str | None = None  # what OpenMarket presents to us (Basic auth)
    hook_password: Secret | None = None
    hook_key: Secret | None = None  # what our addresses at OpenMarket end in: ?key=...
    api_base: str = "https://smsc.openmarket.com"
    status_base: str = "https://mtstatus.openmarket.com"

    def __post_init__(self) -> None:
        check_secrets(self)
        for name in ("public_url", "api_base", "status_base"):
            check_address(name, getattr(self, name))
        if (self.hook_user is None) != (self.hook_password is None):
            raise ValueError("hook_user and hook_password only work together: give both or neither")


class OpenMarket:
    Settings: ClassVar[Any] = OpenMarketSettings
    capabilities: ClassVar[Capabilities] = Capabilities(joins_parts=False, can_look_up=False, own_opt_out=False)

    def __init__(self, account: str, settings: OpenMarketSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._receipts = f"{settings.public_url.rstrip('/')}/hooks/openmarket/{quote(account, safe='')}/receipt"
        self._hook_key = settings.hook_key.reveal() if settings.hook_key else None
        self._hook_login = None
        if settings.hook_password is not None:
            self._hook_login = f"{settings.hook_user}:{settings.hook_password.reveal()}".encode()

    def authenticate(self, hook: Hook) -> None:
        key = self._hook_key.encode() if self._hook_key is not None else None
        openmarket_hooks.authenticate(hook, self._hook_login, key)

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind == "inbound":
            return [openmarket_hooks.read_inbound(hook)]
        if hook.kind == "receipt":
            return [openmarket_hooks.read_receipt(hook)]
        raise Unreadable("OpenMarket has the hooks inbound and receipt, and no other")

    def answer(self) -> HookAnswer:
        return HookAnswer()

    async def send(self, message: Outgoing) -> Outcome:
        try:
            answer = await self._http.post(
                self._settings.api_base.rstrip("/") + "/sms/v4/mt",
                content=msgspec.json.encode(self._request(message)),
                headers={"content-type": "application/json; charset=UTF-8", "accept": "application/json"},
                auth=self._auth(),
                follow_redirects=False,
            )
        except httpx.HTTPError as error:
            return no_answer("OpenMarket", error)
        if not answer.is_success:
            return _declined(answer)
        ticket = _ticket(answer)
        if not ticket:
            return Uncertain("OpenMarket took the message without a ticket, so nobody knows whether it was sent.")
        return Accepted(ticket)

    async def find(self, message: Outgoing) -> Found:
        """Only a ticket can be asked about, and a send whose end is unknown has none."""
        return Uncertain(
            "OpenMarket can only be asked about a message whose ticket is known; a receipt may still come."
        )

    async def check(self) -> Health:
        """There is no call about the account, so ask for the status of a ticket that does not exist.

        Documented for this call are Basic auth and JSON; that a wrong password is answered 401 is HTTP's rule
        (RFC 9110, 15.5.2), and an answer in another form than JSON proves nothing.
        """
        url = f"{self._settings.status_base.rstrip('/')}/sms/v4/mt/{_NO_TICKET}/status"
        try:
            answer = await self._http.get(
                url, headers={"accept": "application/json"}, auth=self._auth(), follow_redirects=False
            )
        except httpx.HTTPError:
            return Health(False, "OpenMarket could not be reached, or did not answer in time.")
        content = json_object(answer.content)
        code = openmarket_hooks.error_of(content or {})[0]
        if answer.status_code in (401, 403):
            return Health(False, f"OpenMarket refused the sign-in: wrong account_id or password. {Advice.ADMIN}", code)
        if content is None or answer.status_code == 429 or answer.status_code >= 500:
            return Health(False, answer_words("OpenMarket", answer.status_code), code)
        return Health(True, "Signed in.")

    def _auth(self) -> tuple[str, str]:
        return self._settings.account_id, self._settings.password.reveal()

    def _request(self, message: Outgoing) -> dict[str, Any]:
        query = {openmarket_hooks.MESSAGE_ID: message.message_id}
        if self._hook_key is not None:
            query[openmarket_hooks.KEY] = self._hook_key
        return {
            "mobileTerminate": {
                "source": {"ton": _type_of(message.line), "address": message.line.removeprefix("+")},
                "destination": {"address": message.consumer.removeprefix("+")},
                # What happens to a text of several segments without `mlc` is not documented.
                "message": {"type": "text", "content": message.text, "mlc": "segment"},
                "delivery": {"receiptRequested": "final", "url": f"{self._receipts}?{urlencode(query)}"},
            }
        }


def _type_of(line: str) -> int:
    if line.startswith("+"):
        return _LONG_CODE
    return _SHORT_CODE if line.isdigit() else _NAME


def _ticket(answer: httpx.Response) -> str:
    """The last part of the path in Location, which is all that a success says; blank when there is none."""
    try:
        return str(urlsplit(answer.headers.get("location", "")).path.rpartition("/")[2])
    except ValueError:
        return ""


def _declined(answer: httpx.Response) -> Outcome:
    code, text = openmarket_hooks.error_of(json_object(answer.content) or {})
    words = explain(code, text) if code else None
    error = Declined(answer.status_code, code, text, retry_after_s(answer.headers))
    return declined(error, words or answer_words("OpenMarket", answer.status_code))
