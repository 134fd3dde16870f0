"""Any gateway that speaks the small protocol of docs/generic-provider.md: JSON, signed with a shared secret."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Meta, Struct

from connector.base.clock import Clock, SystemClock
from connector.base.secret import Secret
from connector.domain.media import Media
from connector.domain.message import Part
from connector.domain.status import Status
from connector.providers.addresses import name_cannot_answer, pace_of
from connector.providers.base import Capabilities
from connector.providers.fields import json_object, part_field, quoted, retry_after_s, text_field, timestamp
from connector.providers.outcomes import (
    Advice,
    ErrorResponse,
    outcome_of_error,
    outcome_without_answer,
    status_words,
    unsendable,
)
from connector.providers.settings import AccountSettings, check_secrets, check_url
from connector.providers.values import (
    Accepted,
    Arrival,
    CallFailed,
    DeliveryReceipt,
    Health,
    Hook,
    HookAnswer,
    InboundText,
    LookUpResult,
    MediaCall,
    NotFound,
    NotGenuine,
    Outcome,
    Outgoing,
    Rejected,
    Uncertain,
    Unreadable,
)

_COMPANY = "The gateway"
_SIGNATURE = "x-textdesk-signature"
_TOLERANCE_S = 300  # between the gateway's clock and ours, and for the way of a call
_UNKNOWN_ID = "unknown_id"  # the code with which a gateway says that it never had a message
_NO_MESSAGE = "check"  # no id of ours looks like this
_GARBLED = "The gateway's answer could not be read; nobody knows whether the message was sent."
_UNREACHED = "The gateway could not be reached, or did not answer in time."
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?")

_REPORTED = (Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED)
_STATUSES = {status.value: status for status in _REPORTED}

_Word = Annotated[str, Meta(min_length=1)]


class GenericSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="generic"
):
    """`[accounts.NAME]` with `provider = "generic"`."""

    send_url: str
    secret: Secret
    previous_secret: Secret | None = None  # still accepted, and signed with as well, while a new one is brought in
    status_url: str | None = None  # without it nothing can be looked up
    media_hosts: tuple[str, ...] = ()  # where pictures that came in may lie, beside the host of send_url
    most_pictures_out: Annotated[int, Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        check_secrets(self)
        for name in ("public_url", "send_url", "status_url"):
            if getattr(self, name) is not None:
                check_url(name, getattr(self, name))
        for host in self.media_hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(
                    "media_hosts must be names of hosts like files.example.com, without anything around them"
                )


class _Picture(Struct):
    url: _Word
    content_type: str = ""


class _Inbound(Struct, rename={"sender": "from"}):
    id: _Word
    sender: _Word
    to: _Word
    text: str | None = None
    media: list[_Picture] = []
    part: object = None
    at: object = None


class GenericProvider:
    Settings: ClassVar[Any] = GenericSettings

    def __init__(
        self, account: str, settings: GenericSettings, http: httpx.AsyncClient, clock: Clock | None = None
    ) -> None:
        self._settings = settings
        self._http = http
        self._clock = clock or SystemClock()
        secrets = {name: getattr(settings, name) for name in ("secret", "previous_secret")}
        self._secrets = {name: secret.reveal().encode() for name, secret in secrets.items() if secret is not None}
        can_ask = settings.status_url is not None
        self.capabilities = Capabilities(
            joins_parts=False,
            can_look_up=can_ask,
            own_opt_out=False,
            can_poll=can_ask,
            pictures_in=True,
            most_pictures_out=settings.most_pictures_out,
        )

    # Hooks

    def authenticate(self, hook: Hook) -> None:
        at, given = _signature(hook)
        if not any(_is_among(_digest(secret, at, hook.body).hex(), given) for secret in self._secrets.values()):
            raise NotGenuine("the signature does not match: the gateway has another secret, or the body was changed")
        off_s = at - self._clock.now() // 1000
        if abs(off_s) > _TOLERANCE_S:
            raise NotGenuine(f"signed {_how_far(off_s)}: set the clocks right, and sign each try anew")

    def explain(self, hook: Hook) -> str | None:
        try:
            at, given = _signature(hook)
        except NotGenuine:
            return None
        for name, secret in self._secrets.items():
            for spelled, flaw in _slips(secret, at, hook.body):
                if not _is_among(spelled, given):
                    continue
                if flaw:
                    return f"It is signed by {name}, but {flaw}."
                came_s = (self._clock.now() if hook.at is None else hook.at) // 1000
                if abs(at - came_s) <= _TOLERANCE_S:
                    return f"As it came it is genuine by {name}, so the configuration or a clock has changed since."
                if abs(at // 1000 - came_s) <= _TOLERANCE_S:
                    return f"It is signed by {name}, but t is in milliseconds and has to be in seconds."
                return f"It is signed by {name}, but {_how_far(at - came_s)}; set the clocks right."
        return None

    def read(self, hook: Hook) -> list[Arrival]:
        if hook.kind == "inbound":
            return [_inbound(hook.body)]
        if hook.kind == "status":
            content = json_object(hook.body)
            if content is None:
                raise Unreadable("not a status: the body is not a JSON object")
            return [_receipt(content)]
        raise Unreadable("a gateway has the hooks inbound and status, and no other")

    def answer(self) -> HookAnswer:
        return HookAnswer()

    # Sending

    def cannot_answer(self, consumer: str) -> str | None:
        return name_cannot_answer(consumer)

    async def send(self, message: Outgoing) -> Outcome:
        refused = unsendable(message, self.capabilities, self.cannot_answer(message.consumer))
        if refused is not None:
            return refused
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
        try:
            answer = await self._call(self._settings.send_url, body)
        except httpx.HTTPError as error:
            return outcome_without_answer(_COMPANY, error)
        if answer.is_success or answer.status_code == 409:  # 409: it has had this id before
            return _taken(json_object(answer.content))
        refusal = _declined(answer)
        is_pause = refusal.status == 503 and refusal.after_s is not None
        opted_out = (json_object(answer.content) or {}).get("opted_out") is True
        return outcome_of_error(refusal, _words(refusal, "send_url"), is_pause=is_pause, opted_out=opted_out)

    # Asking

    async def look_up(self, message: Outgoing) -> LookUpResult:
        try:
            return _taken(await self._status({"message_id": message.message_id}))
        except ErrorResponse as error:
            return NotFound() if _is_unknown(error) else Uncertain(_words(error, "status_url"))
        except CallFailed as error:
            return Uncertain(str(error))

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        try:
            return [_receipt({**await self._status({"id": ref}), "id": ref})]
        except ErrorResponse as error:
            words = "The gateway does not know this message." if _is_unknown(error) else _words(error, "status_url")
            raise CallFailed(words) from None
        except Unreadable as error:
            raise CallFailed(f"The gateway's answer could not be read: {error}.") from None

    async def check(self) -> Health:
        """Ask for a message that never was: a gateway that says so has understood the call and its signature."""
        if self._settings.status_url is None:
            return Health(True, "There is no status_url, so the gateway cannot be asked how it is.")
        try:
            await self._status({"message_id": _NO_MESSAGE})
        except ErrorResponse as error:
            is_ok = _is_unknown(error)
            return Health(is_ok, "Signed in." if is_ok else _words(error, "status_url"), None if is_ok else error.code)
        except CallFailed as error:
            return Health(False, str(error))
        return Health(False, f"The gateway knows a message that there never was. {Advice.ADMIN}")

    def list_since(self, since: int) -> AsyncIterator[Arrival]:
        raise CallFailed("A gateway has no call that lists messages; it has to offer again what was not taken.")

    def pace(self, line: str) -> float:
        return pace_of(self._settings.numbers, line)

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
        """Raises Declined for an answer that is none, and CallFailed when there is nobody to ask or no answer."""
        if self._settings.status_url is None:
            raise CallFailed("There is no status_url, so the gateway cannot be asked.")
        try:
            answer = await self._call(self._settings.status_url, body)
        except httpx.HTTPError:
            raise CallFailed(_UNREACHED) from None
        content = json_object(answer.content)
        if not answer.is_success or content is None:
            raise _declined(answer)
        return content

    async def _call(self, url: str, body: dict[str, object]) -> httpx.Response:
        content = msgspec.json.encode(body)
        at = self._clock.now() // 1000
        proofs = [f"v1={_digest(secret, at, content).hex()}" for secret in self._secrets.values()]
        headers = {"content-type": "application/json", _SIGNATURE: ",".join([f"t={at}", *proofs])}
        return await self._http.post(url, content=content, headers=headers, follow_redirects=False)


# Signatures: t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over t, a full stop and the raw body>; v1 may come twice.


def _signature(hook: Hook) -> tuple[int, list[str]]:
    """The moment and the proofs in the header. Raises NotGenuine without them."""
    header = hook.headers.get(_SIGNATURE)
    if not header:
        raise NotGenuine("no X-Textdesk-Signature header: not from the gateway, or a proxy removed it")
    marks = [mark.strip().partition("=") for mark in header.split(",")]
    moments = [value for name, _, value in marks if name == "t"]
    given = [value for name, _, value in marks if name == "v1"]
    if len(moments) != 1 or not re.fullmatch(r"[0-9]{1,15}", moments[0]) or not given:
        raise NotGenuine("the X-Textdesk-Signature header is not of the form t=...,v1=...")
    return int(moments[0]), given


def _digest(secret: bytes, at: int, body: bytes) -> bytes:
    return hmac.digest(secret, b"%d." % at + body, "sha256")


def _is_among(spelled: str, given: list[str]) -> bool:
    return any(hmac.compare_digest(spelled.encode(), one.encode(errors="replace")) for one in given)


def _slips(secret: bytes, at: int, body: bytes) -> Iterator[tuple[str, str]]:
    """What a signature with this secret looks like, right (without a flaw) and with usual slips."""
    right = _digest(secret, at, body)
    yield right.hex(), ""
    yield base64.b64encode(right).decode(), "in base64, and v1 has to be hexadecimal"
    yield (
        hmac.digest(secret, body, "sha256").hex(),
        "over the body alone, and t with a full stop has to stand before it",
    )
    yield _digest(secret, at, body.rstrip(b"\r\n")).hex(), "over a body without the line end that came"
    yield _digest(secret, at, body + b"\n").hex(), "over a body with a line end that did not come"


def _how_far(off_s: int) -> str:
    return f"{abs(off_s):,} s {'ahead of our clock' if off_s > 0 else 'ago'}"


# What a gateway says


def _inbound(body: bytes) -> InboundText:
    try:
        said = msgspec.json.decode(body, type=_Inbound)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not an inbound message: {error}") from None
    if said.text is None and not said.media:
        raise Unreadable("not an inbound message: there is neither text nor media")
    return InboundText(
        ref=said.id,
        line=said.to,
        consumer=said.sender,
        text=said.text or "",
        part=_part(said.part),
        media=tuple(Media(url=one.url, content_type=one.content_type) for one in said.media),
        at=timestamp(said.at),
    )


def _part(said: object) -> Part | None:
    """A malformed part is left out: the text is worth more than its place."""
    try:
        part = msgspec.convert(said, Part)
    except msgspec.ValidationError:
        return None
    return part if 0 <= part.reference < 65_536 and 1 <= part.number <= part.total <= 255 else None


def _receipt(content: dict[str, Any]) -> DeliveryReceipt:
    ref, message_id, word = (text_field(content, name) or None for name in ("id", "message_id", "status"))
    if not word or not (ref or message_id):
        raise Unreadable("not a status: status is missing, or both id and message_id")
    code, text = text_field(content, "code") or None, text_field(content, "text")
    part, parts = part_field(content, "part") or 1, part_field(content, "parts") or 1
    return DeliveryReceipt(
        status=_STATUSES.get(word),
        raw_status=word,
        ref=ref,
        message_id=message_id,
        code=code,
        words=_said(code, text) if code or text else None,
        part=part if part <= parts else 1,
        parts=parts if part <= parts else 1,
        opted_out=content.get("opted_out") is True,
    )


def _taken(content: dict[str, Any] | None) -> Accepted | Rejected | Uncertain:
    """What an answer of success says about a message."""
    said = content or {}
    ref = text_field(said, "id")
    if not ref:
        return Uncertain(_GARBLED)
    status, code, text = (
        _STATUSES.get(text_field(said, "status")),
        text_field(said, "code") or None,
        text_field(said, "text"),
    )
    if status is Status.FAILED and (code or text):
        return Rejected(code, _said(code, text), said.get("opted_out") is True, ref)
    return Accepted(ref, status or Status.ACCEPTED)


def _declined(answer: httpx.Response) -> ErrorResponse:
    content = json_object(answer.content) or {}
    code, text = text_field(content, "code") or None, text_field(content, "text")
    return ErrorResponse(answer.status_code, code, text, retry_after_s(answer.headers))


def _is_unknown(error: ErrorResponse) -> bool:
    """Only a gateway's own word says so: a 404 alone may come from a proxy that has lost its way."""
    return error.status == 404 and error.code == _UNKNOWN_ID


def _words(error: ErrorResponse, setting: str) -> str:
    if error.code or error.text:
        return _said(error.code, error.text)
    return status_words(_COMPANY, error.status, setting)


def _said(code: str | None, text: str) -> str:
    told = quoted(text) or "it gives no reason"
    return f"The gateway says: {told}{f' (code {quoted(code)})' if code else ''}."
