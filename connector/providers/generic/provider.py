"""A gateway that speaks the small protocol of docs/generic-provider.md."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from connector.base.clock import Clock, SystemClock
from connector.providers.base import Provider
from connector.providers.fields import json_object
from connector.providers.generic import messages, signature
from connector.providers.generic.settings import GenericSettings
from connector.providers.json_answers import error_response, json_answer
from connector.providers.outbound import OutboundClient
from connector.providers.send_outcomes import (
    Advice,
    ErrorResponse,
    is_of_account,
    outcome_of_error,
    status_words,
    unanswered,
)
from connector.providers.values import (
    Arrival,
    CallFailed,
    Capabilities,
    DeliveryReceipt,
    Health,
    Hook,
    LookUpResult,
    MediaCall,
    NotFound,
    Outcome,
    Outgoing,
    Uncertain,
    Unreadable,
)

_UNKNOWN_ID = "unknown_id"  # the code with which a gateway says that it never had a message
_NO_MESSAGE = "check"  # an id that no message has


class GenericProvider(Provider):
    Settings = GenericSettings
    title = "The gateway"
    own_copies = (
        "the gateway's own records; and a relay's relay.db, which has texts until they are handed over, and who was"
        " texted for 14 days"
    )
    signature_headers = frozenset({signature.HEADER})
    _settings: GenericSettings

    def __init__(
        self, account: str, settings: GenericSettings, http: OutboundClient, clock: Clock | None = None
    ) -> None:
        super().__init__(account, settings, http)
        self._clock = clock or SystemClock()
        self._secrets = settings.secrets
        can_ask = settings.status_url is not None
        self.capabilities = Capabilities(
            joins_parts=False,
            own_opt_out=False,
            can_look_up=can_ask,
            can_poll=can_ask,
            pictures_in=True,
            most_pictures_out=settings.most_pictures_out,
        )

    # Hooks

    def authenticate(self, hook: Hook) -> None:
        signature.verify(hook, self._secrets.values(), self._clock.now())

    def explain(self, hook: Hook) -> str | None:
        return signature.explain(hook, self._secrets, self._clock.now())

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind in ("inbound", "status"):
            content = json_object(hook.body, hook.headers.get("content-type", ""))
            if content is None:
                raise Unreadable("the body is not a JSON object")
            if hook.kind == "inbound":
                return self._canonical(messages.inbound(content), has_country_codes=False)
            return [messages.receipt(content)]
        raise Unreadable("a gateway has the hooks inbound and status, and no other")

    # Sending

    async def _send(self, message: Outgoing) -> Outcome:
        body: dict[str, object] = {
            "id": message.message_id,
            "from": message.line,
            "to": message.consumer,
            "text": message.text,
        }
        if message.pictures:
            body["pictures"] = message.pictures
        if message.valid_for_s is not None:
            body["valid_for_s"] = message.valid_for_s
        answer = await self._post(self._settings.send_url, body)
        content = json_object(answer.content)
        if answer.is_success or answer.status_code == 409:  # 409: the gateway has had this id before
            return messages.sent(content)
        error = error_response(answer, content or {}, text="text")
        is_pause = error.status == 503 and error.after_s is not None
        opted_out = (content or {}).get("opted_out") is True
        is_hold = is_of_account(error) and not opted_out
        words = _words(error, "send_url")
        return outcome_of_error(error, words, is_pause=is_pause, is_hold=is_hold, opted_out=opted_out)

    # Asking

    async def look_up(self, message: Outgoing) -> LookUpResult:
        try:
            return messages.sent(await self._status({"message_id": message.message_id}))
        except ErrorResponse as error:
            return NotFound() if _is_unknown(error) else Uncertain(_words(error, "status_url"))
        except httpx.HTTPError as error:
            return Uncertain(unanswered(self.title, error))
        except CallFailed as error:
            return Uncertain(str(error))

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        try:
            return [messages.receipt({**await self._status({"id": ref}), "id": ref})]
        except ErrorResponse as error:
            words = "The gateway does not know this message." if _is_unknown(error) else _words(error, "status_url")
            raise CallFailed(words) from None
        except httpx.HTTPError as error:
            raise CallFailed(unanswered(self.title, error)) from None
        except Unreadable as error:
            raise CallFailed(f"The gateway's answer could not be read: {error}.") from None

    async def _check(self) -> Health:
        """Ask for a message that never was: a gateway that says so has understood the call and its signature."""
        if self._settings.status_url is None:
            return Health(True, "There is no status_url, so the gateway cannot be asked how it is.")
        try:
            await self._status({"message_id": _NO_MESSAGE})
        except ErrorResponse as error:
            if _is_unknown(error):
                return Health(True, "Signed in.")
            return Health(False, _words(error, "status_url"), error.code)
        return Health(False, f"The gateway knows a message that there never was. {Advice.ADMIN}")

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        raise CallFailed("A gateway has no call that lists messages; it has to offer again what was not taken.")

    def media_call(self, url: str) -> MediaCall:
        try:
            wanted, gateway = urlsplit(url), urlsplit(self._settings.send_url)
        except ValueError:
            raise Unreadable("the picture's address is none") from None
        is_gateway = (wanted.scheme, wanted.netloc) == (gateway.scheme, gateway.netloc)
        if not is_gateway and not (wanted.scheme == "https" and wanted.netloc in self._settings.media_hosts):
            raise Unreadable("the picture's address is neither at send_url nor at one of media_hosts")
        others = [host.partition(":")[0] for host in self._settings.media_hosts]
        return MediaCall(url, tuple(dict.fromkeys([wanted.hostname or "", *others])))

    async def _status(self, body: dict[str, object]) -> dict[str, Any]:
        """Raises ErrorResponse and httpx.HTTPError, and CallFailed without a status_url."""
        if self._settings.status_url is None:
            raise CallFailed("There is no status_url, so the gateway cannot be asked.")
        return json_answer(await self._post(self._settings.status_url, body), text="text")

    async def _post(self, url: str, body: dict[str, object]) -> httpx.Response:
        content = msgspec.json.encode(body)
        signed = signature.sign(content, self._secrets.values(), self._clock.now())
        headers = {"content-type": "application/json", signature.HEADER: signed}
        return await self.http.post(url, content=content, headers=headers)


def _is_unknown(error: ErrorResponse) -> bool:
    """Only the gateway's own code says so: a 404 alone may come from a proxy with a wrong route."""
    return error.status == 404 and error.code == _UNKNOWN_ID


def _words(error: ErrorResponse, setting: str) -> str:
    if error.code or error.text:
        return messages.reason(error.code, error.text)
    return status_words(GenericProvider.title, error.status, setting)
