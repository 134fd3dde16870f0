"""Text from outside, made fit for every database and every frame."""

from __future__ import annotations


def storable(text: str) -> str:
    """`text` with NUL as its symbol (U+2400) and half a surrogate pair as the replacement character.

    PostgreSQL cannot store NUL, and neither SQLite nor JSON in UTF-8 half a pair. The stored hook has the bytes.
    """
    if "\0" in text:
        text = text.replace("\0", "\u2400")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def bounded(text: str | None, limit: int) -> str | None:
    """At most `limit` code points of a text from outside, with an ellipsis where it was longer; None stays None."""
    if text is None or len(text) <= limit:
        return text
    return f"{text[: limit - 1]}…"
