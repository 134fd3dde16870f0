"""Making outside text fit for every database and every frame, at the price of two characters nobody writes."""

from __future__ import annotations


def storable(text: str) -> str:
    """The same text; NUL becomes its picture (U+2400) and half a surrogate pair the replacement character.

    PostgreSQL's text cannot hold NUL, and neither JSON in UTF-8 nor SQLite half a pair. The raw hook keeps the bytes.
    """
    if "\0" in text:
        text = text.replace("\0", "\u2400")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
