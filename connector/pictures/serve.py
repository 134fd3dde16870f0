"""The headers with which a picture is served to the holder of its address, the provider."""

from __future__ import annotations

from connector.pictures.content_types import ENDINGS

_ANY = "application/octet-stream"


def answer_headers(content_type: str) -> dict[str, str]:
    """Headers for bytes of this type; one that we do not recognise is served as plain bytes.

    A browser cannot run the answer or take it for a page: the type is not guessed (https://fetch.spec.whatwg.org,
    nosniff), it is shown in a sandbox (CSP 3, sandbox), no cache stores it (RFC 9111, 5.2.2.5), and the address, which
    is a secret, is not passed on as a referrer.
    """
    plain = content_type.partition(";")[0].strip().lower()
    kind = plain if plain in ENDINGS else _ANY
    return {
        "Content-Type": kind,
        "Content-Disposition": f'inline; filename="picture{ENDINGS.get(kind, ".bin")}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }
