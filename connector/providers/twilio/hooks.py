"""Twilio's webhooks: their signature, and what they say.

Fields: https://www.twilio.com/docs/messaging/guides/webhook-request. Signature:
https://www.twilio.com/docs/usage/webhooks/webhooks-security. Twilio adds fields without notice, so all of them are
signed over and unknown ones are passed by.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import parse_qs, parse_qsl, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from connector.domain.consent import ConsentKind, ConsentSignal
from connector.domain.media import Media
from connector.domain.status import Status
from connector.providers.twilio.body import readable
from connector.providers.twilio.errors import EXPIRED, OPTED_OUT, explain
from connector.providers.values import DeliveryReceipt, Hook, InboundText, NotGenuine, Unreadable

MESSAGE_ID = "m"  # the query parameter of our status callback address

# `receiving` and `received` are of inbound messages and say nothing about a reply.
STATUSES = {
    "accepted": Status.ACCEPTED,
    "scheduled": Status.ACCEPTED,
    "queued": Status.ACCEPTED,
    "sending": Status.ACCEPTED,
    "sent": Status.SENT,
    "partially_delivered": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}


# With Advanced Opt-Out Twilio says what it took a text for, by words that the account has chosen. HELP changes nothing.
_ADVANCED = "Twilio Advanced Opt-Out"
_CONSENT = {
    "STOP": ConsentSignal(ConsentKind.OPTED_OUT, _ADVANCED),
    "START": ConsentSignal(ConsentKind.OPTED_IN, _ADVANCED),
}


class Fields(dict[str, list[str]]):
    """A form's values by name. `getall` is what the validator asks a form for first, and by far its quickest way."""

    def getall(self, name: str) -> list[str]:
        return self[name]

    def first(self, name: str) -> str:
        """The first value of `name`; blank when there is none."""
        return self[name][0] if name in self else ""


def status_of(word: str, code: str | None) -> Status | None:
    """Our status for Twilio's word; None for a word we do not know."""
    if code == EXPIRED and word in ("failed", "undelivered"):
        return Status.EXPIRED
    return STATUSES.get(word)


def authenticate(hook: Hook, validators: Collection[RequestValidator]) -> None:
    """Raises NotGenuine unless one of `validators` agrees with the signature of `hook`."""
    signature, algorithm = signature_of(hook)
    signed = signed_part(hook)
    try:
        is_genuine = _is_plainly_signed(hook.url, signed, signature, algorithm, validators) or any(
            validator.validate(hook.url, signed, signature, algorithm) for validator in validators
        )
    except ValueError:  # an address or value that cannot be encoded, which Twilio never sends
        is_genuine = False
    if not is_genuine:
        if isinstance(signed, str) and not is_hashed(hook, signed):
            raise NotGenuine("the body is not the one that bodySHA256 in the address stands for")
        raise NotGenuine(
            "the signature does not match: auth_token is not this account's primary one, or public_url is not the "
            "address that Twilio calls"
        )


def _is_plainly_signed(
    url: str, signed: Fields | str, signature: str, algorithm: str, validators: Collection[RequestValidator]
) -> bool:
    """Whether a form is signed as nearly all are: with SHA-1, over the very address. False says nothing yet.

    The validator weighs other forms of the address too, which takes it several times as long.
    """
    if isinstance(signed, str) or algorithm != HMAC_SHA1:
        return False
    pairs = (name + value for name in sorted(signed) for value in sorted(set(signed[name])))
    text = (url + "".join(pairs)).encode()
    digests = (hmac.digest(validator.token, text, "sha1") for validator in validators)
    return any(hmac.compare_digest(base64.b64encode(digest), signature.encode()) for digest in digests)


def signature_of(hook: Hook) -> tuple[str, str]:
    """The signature of `hook` and its algorithm. Raises NotGenuine without one, or with one we do not know."""
    signature = hook.headers.get(SIGNATURE_HEADER.lower())
    if not signature:
        raise NotGenuine("no X-Twilio-Signature header: not from Twilio, or a proxy removed it")
    algorithm: str = get_signature_algorithm(hook.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        raise NotGenuine("signed with an algorithm that is neither HMAC_SHA1 nor HMAC_SHA256")
    return signature, algorithm


def read_inbound(hook: Hook) -> InboundText:
    fields = _form(hook)
    ref, consumer, line = fields.first("MessageSid"), fields.first("From"), fields.first("To")
    if not (ref and consumer and line and "Body" in fields):
        raise Unreadable("not an inbound message: MessageSid, From, To or Body is missing")
    text = readable(fields.first("Body"), ref)
    consent = _CONSENT.get(fields.first("OptOutType"))
    return InboundText(ref=ref, line=line, consumer=consumer, text=text, media=_media(fields), consent=consent)


def read_status(hook: Hook) -> DeliveryReceipt:
    fields = _form(hook)
    message_id = parse_qs(urlsplit(hook.url).query).get(MESSAGE_ID, [""])[0]
    ref = fields.first("MessageSid") or fields.first("SmsSid")
    word = fields.first("MessageStatus") or fields.first("SmsStatus")
    if not word or not (ref or message_id):
        raise Unreadable("not a status callback: MessageStatus or MessageSid is missing")
    code = fields.first("ErrorCode") or None
    return DeliveryReceipt(
        status=status_of(word, code),
        raw_status=word,
        ref=ref or None,
        message_id=message_id or None,
        code=code,
        words=explain(code, fields.first("ErrorMessage")) if code else None,
        opted_out=code == OPTED_OUT,
    )


def _is_form(hook: Hook) -> bool:
    kind = hook.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/x-www-form-urlencoded"


def signed_part(hook: Hook) -> Fields | str:
    """What is signed besides the address: the form; for another body nothing but its hash, which the address has.

    Nothing of a GET: all it says is in the address.

    Raises NotGenuine for a body that no signature covers.
    """
    if hook.method == "GET":
        return Fields()
    if _is_form(hook):
        try:
            return _form(hook)
        except Unreadable as error:
            raise NotGenuine(str(error)) from None
    if "bodySHA256" not in parse_qs(urlsplit(hook.url).query):
        raise NotGenuine("the body is not a form and the address has no bodySHA256, so no signature covers it")
    try:
        return hook.body.decode()
    except UnicodeDecodeError:
        raise NotGenuine("the body is not UTF-8") from None


def is_hashed(hook: Hook, body: str) -> bool:
    """Whether the address has the hash of a body that is no form."""
    given = parse_qs(urlsplit(hook.url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(hashlib.sha256(body.encode()).hexdigest().encode(), given.encode(errors="replace"))


def _form(hook: Hook) -> Fields:
    """The fields of a call, wherever its method puts them."""
    if hook.method == "GET":
        fields = _fields(urlsplit(hook.url).query.encode())
    else:
        fields = _fields(hook.body) if _is_form(hook) else None
    if fields is None:
        raise Unreadable("the body is not a form as Twilio writes it")
    return fields


@lru_cache(maxsize=1)  # the signature is over the fields, and then they are read
def _fields(body: bytes) -> Fields | None:
    """The fields of a form. Blank ones count: their names are signed too.

    None for a name without `=`. Twilio does not write that, and the signature, which runs names and values together,
    could not tell it from a value.
    """
    text = body.decode(errors="replace")
    if any("=" not in pair for pair in text.split("&") if pair):
        return None
    fields = Fields()
    for name, value in parse_qsl(text, keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def _media(fields: Fields) -> tuple[Media, ...]:
    announced = fields.first("NumMedia")
    count = int(announced) if announced.isascii() and announced.isdigit() and len(announced) < 4 else 0
    found = ((fields.first(f"MediaUrl{index}"), fields.first(f"MediaContentType{index}")) for index in range(count))
    return tuple(Media(url=url, content_type=kind) for url, kind in found if url)
