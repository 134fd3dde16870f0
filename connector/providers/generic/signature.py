"""The signature of both sides: `t=SECONDS,v1=HEX`, an HMAC-SHA256 over t, a full stop and the raw body."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping

from connector.providers.values import Hook, NotGenuine

HEADER = "x-textdesk-signature"
_TOLERANCE_S = 300  # between the gateway's clock and ours, and for the request's way


def sign(body: bytes, secrets: Iterable[bytes], now: int) -> str:
    """The header for a call with this body, with a `v1` for each secret. `now` in milliseconds."""
    at = now // 1000
    return ",".join([f"t={at}", *(f"v1={_digest(secret, at, body).hex()}" for secret in secrets)])


def verify(hook: Hook, secrets: Iterable[bytes], now: int) -> None:
    """Raises NotGenuine unless the hook is signed with one of the secrets, lately."""
    at, given = _parse(hook)
    if not any(_is_among(_digest(secret, at, hook.body).hex(), given) for secret in secrets):
        raise NotGenuine("the signature does not match: the gateway has another secret, or the body was changed")
    off_s = at - now // 1000
    if abs(off_s) > _TOLERANCE_S:
        raise NotGenuine(f"signed {_distance(off_s)}: set the clocks right, and sign each try anew")


def explain(hook: Hook, secrets: Mapping[str, bytes], now: int) -> str | None:
    """Which usual mistake the signature of a refused hook was made with, and which secret; None when none fits."""
    try:
        at, given = _parse(hook)
    except NotGenuine:
        return None
    for name, secret in secrets.items():
        for signature, mistake in _variants(secret, at, hook.body):
            if not _is_among(signature, given):
                continue
            if mistake:
                return f"It is signed by {name}, but {mistake}."
            came_s = (now if hook.at is None else hook.at) // 1000
            if abs(at - came_s) <= _TOLERANCE_S:
                return f"As it came it is genuine by {name}, so the configuration or a clock has changed since."
            if abs(at // 1000 - came_s) <= _TOLERANCE_S:
                return f"It is signed by {name}, but t is in milliseconds and has to be in seconds."
            return f"It is signed by {name}, but {_distance(at - came_s)}; set the clocks right."
    return None


def _parse(hook: Hook) -> tuple[int, list[str]]:
    """The moment and the signatures in the header. Raises NotGenuine without them."""
    header = hook.headers.get(HEADER)
    if not header:
        raise NotGenuine("no X-Textdesk-Signature header: not from the gateway, or a proxy removed it")
    marks = [mark.strip().partition("=") for mark in header.split(",")]
    moments = [value for name, _, value in marks if name == "t"]
    given = [value for name, _, value in marks if name == "v1"]
    if len(moments) != 1 or not re.fullmatch(r"[0-9]{1,15}", moments[0]) or not given:
        raise NotGenuine("the X-Textdesk-Signature header is not of the form t=...,v1=...")
    return int(moments[0]), given


def _digest(secret: bytes, at: int, body: bytes) -> bytes:
    # Not `hmac.digest`: it gives up the GIL however short the text, and waits for it afterwards.
    return hmac.new(secret, b"%d." % at + body, "sha256").digest()


def _is_among(signature: str, given: list[str]) -> bool:
    return any(hmac.compare_digest(signature.encode(), one.encode(errors="replace")) for one in given)


def _variants(secret: bytes, at: int, body: bytes) -> Iterator[tuple[str, str]]:
    """Signatures with this secret: the right one, without a mistake, and those with the usual ones."""
    right = _digest(secret, at, body)
    yield right.hex(), ""
    yield base64.b64encode(right).decode(), "in base64, and v1 has to be hexadecimal"
    yield (
        hmac.digest(secret, body, "sha256").hex(),
        "over the body alone, and t with a full stop has to stand before it",
    )
    yield _digest(secret, at, body.rstrip(b"\r\n")).hex(), "over a body without the line end that came"
    yield _digest(secret, at, body + b"\n").hex(), "over a body with a line end that did not come"


def _distance(off_s: int) -> str:
    return f"{abs(off_s):,} s {'ahead of our clock' if off_s > 0 else 'ago'}"
