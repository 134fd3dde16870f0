"""The signature of Twilio's webhooks (https://www.twilio.com/docs/usage/webhooks/webhooks-security).

Twilio adds fields without notice, so all of them are signed over.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from connector.providers.twilio.form import Fields, form_of, is_form
from connector.providers.twilio.spellings import spellings
from connector.providers.values import Hook, NotGenuine, Unreadable

_SIGNATURE, _SETTINGS = SIGNATURE_HEADER.lower(), SIGNATURE_SETTINGS_HEADER.lower()
HEADERS = frozenset({_SIGNATURE, _SETTINGS})
_BODY_HASH = "bodySHA256"  # query parameter


def verify(hook: Hook, validators: Collection[RequestValidator]) -> None:
    """Raises NotGenuine unless `hook` is signed with a token of `validators`, over any spelling of its address.

    The rule is that of the validators, which know fewer spellings: of an address without a login, IPv6 and capitals
    they give the same answers (a test compares both).
    """
    signature, algorithm = signature_of(hook)
    signed = signed_part(hook)
    if isinstance(signed, str) and not is_hashed(hook, signed):
        raise NotGenuine("the body is not the one that bodySHA256 in the address stands for")
    form = "" if isinstance(signed, str) else _run_together(signed)
    digest = "sha1" if algorithm == HMAC_SHA1 else "sha256"
    given = signature.encode(errors="replace")
    if not _is_signed(hook.url + form, digest, given, validators) and not any(
        _is_signed(url + form, digest, given, validators) for url in spellings(hook.url, hook.headers.get("host", ""))
    ):
        raise NotGenuine(
            "the signature does not match: auth_token is not this account's primary one, or public_url is not the "
            "address that Twilio calls"
        )


def _run_together(form: Fields) -> str:
    """Names and distinct values in order, without anything between."""
    parts: list[str] = []
    for name in sorted(form):
        values = form[name]
        for value in values if len(values) == 1 else sorted(set(values)):
            parts += (name, value)
    return "".join(parts)


def _is_signed(text: str, digest: str, given: bytes, validators: Collection[RequestValidator]) -> bool:
    try:
        octets = text.encode()
    except ValueError:  # an address or value that cannot be encoded, which Twilio never sends
        return False
    # Not `hmac.digest`: it gives up the GIL however short the text, and waits for it afterwards.
    digests = (hmac.new(validator.token, octets, digest).digest() for validator in validators)
    return any(hmac.compare_digest(base64.b64encode(one), given) for one in digests)


def signature_of(hook: Hook) -> tuple[str, str]:
    """The signature of `hook` and its algorithm. Raises NotGenuine without one, or with one we do not know."""
    signature = hook.headers.get(_SIGNATURE)
    if not signature:
        raise NotGenuine("no X-Twilio-Signature header: not from Twilio, or a proxy removed it")
    algorithm: str = get_signature_algorithm(hook.headers.get(_SETTINGS))
    if algorithm not in (HMAC_SHA1, HMAC_SHA256):
        raise NotGenuine("signed with an algorithm that is neither HMAC_SHA1 nor HMAC_SHA256")
    return signature, algorithm


def signed_part(hook: Hook) -> Fields | str:
    """What is signed besides the address: the form; the body, by its hash in the address, when it is none.

    Nothing for a GET, whose fields are in the address. Raises NotGenuine for a body that no signature covers.
    """
    if hook.method == "GET":
        return Fields()
    if is_form(hook):
        try:
            return form_of(hook)
        except Unreadable as error:
            raise NotGenuine(str(error)) from None
    if not hook.parameter(_BODY_HASH):
        raise NotGenuine("the body is not a form and the address has no bodySHA256, so no signature covers it")
    try:
        return hook.body.decode()
    except UnicodeDecodeError:
        raise NotGenuine("the body is not UTF-8") from None


def is_hashed(hook: Hook, body: str) -> bool:
    """Whether the address has the hash of a body that is not a form."""
    given = hook.parameter(_BODY_HASH)
    return hmac.compare_digest(hashlib.sha256(body.encode()).hexdigest().encode(), given.encode(errors="replace"))
