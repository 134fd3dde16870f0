"""How a picture of ours is handed to whoever holds its address: the provider, and nobody's browser as a page."""

from __future__ import annotations

from connector.pictures.kinds import ENDINGS

_ANY = "application/octet-stream"


def answer_headers(content_type: str) -> dict[str, str]:
    """The headers of an answer with these bytes; a type we do not name goes out as plain bytes.

    Nothing in it can run or be mistaken for a page: the type is not guessed at (https://fetch.spec.whatwg.org,
    nosniff), a browser shows it in a sandbox (CSP 3, sandbox), no cache keeps it (RFC 9111, 5.2.2.5), and the address,
    which is a secret, is not told onwards.
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
