"""Ids in the vendors' formats. The same key gives the same id, so that the same seed gives the same run."""

from __future__ import annotations

from hashlib import sha256

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sid(prefix: str, *key: object) -> str:
    """Twilio's form: two letters and 32 hexadecimal digits."""
    return prefix + _digest(key)[:16].hex()


def token(*key: object) -> str:
    """A UUID, the form of Twilio's idempotency token."""
    digits = _digest(key)[:16].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def ticket(*key: object) -> str:
    """OpenMarket's form of a ticket id, such as 03155-0331L-1439U-51SLFX."""
    raw = _digest(key)
    digits = [f"{int.from_bytes(raw[at : at + 4], 'big') % 100_000:05}" for at in (0, 4, 8)]
    letters = "".join(_LETTERS[octet % 26] for octet in raw[12:18])
    return f"{digits[0]}-{digits[1][1:]}{letters[0]}-{digits[2][1:]}{letters[1]}-{raw[19] % 100:02}{letters[2:]}"


def reference(first: int, *key: object) -> int:
    """The one-octet reference number of a long text: each handset counts on from a random start."""
    return (_digest(key)[0] + first) % 256


def _digest(key: tuple[object, ...]) -> bytes:
    return sha256("\x1f".join(map(str, key)).encode()).digest()
