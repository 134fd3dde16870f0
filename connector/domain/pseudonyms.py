"""Keyed hashes in place of numbers: the same for one person, and of no use without the key."""

from __future__ import annotations

import hmac

from connector.base.secret import Secret

KEY_LENGTH = 32  # characters at least: 128 bits in hexadecimal
MARK = "hash:"  # no number, name or identity of a person begins so


class Pseudonyms:
    """HMAC-SHA256 (RFC 2104) with a key that the store does not hold: numbers are few enough to be tried one by one
    against a plain hash."""

    def __init__(self, key: Secret) -> None:
        self._key = key.reveal().encode()

    def of(self, person: str) -> str:
        """`hash:` and 32 hexadecimal digits."""
        return MARK + self._digest("person", person)[:32]

    def chain(self, previous: str, content: bytes) -> str:
        """The hash of an entry that follows the one with the hash `previous`: 64 hexadecimal digits."""
        return self._digest("audit", previous, content)

    @property
    def fingerprint(self) -> int:
        """A number of 56 bits that tells this key from others, and nothing else of it."""
        return int(self._digest("fingerprint")[:14], 16)

    def _digest(self, *parts: str | bytes) -> str:
        content = bytearray()
        for part in parts:
            encoded = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            content += len(encoded).to_bytes(8)
            content += encoded
        return hmac.digest(self._key, content, "sha256").hex()
