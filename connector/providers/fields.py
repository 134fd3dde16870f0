"""Reading fields of JSON and headers from outside: what is missing or of another type never raises."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_CHARSETS = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "iso8859-1", "cp1252"})
_SECONDS = re.compile(r"[0-9]{1,6}")
_QUOTED_LIMIT = 200  # code points of a provider's own words


def json_object(body: bytes, content_type: str = "") -> dict[str, Any] | None:
    """`body` as a JSON object; None when it is anything else.

    Also what a strict reader refuses and the sender would send again for ever: half a surrogate pair (U+FFFD here),
    control characters in texts, octets that are no UTF-8 (U+FFFD, or as the charset of `content_type` says), UTF-16 and
    UTF-32, and a byte order mark.
    """
    try:
        content = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        content = _tolerant_json(body, content_type)
    return content if isinstance(content, dict) else None


def _tolerant_json(body: bytes, content_type: str) -> Any:
    try:
        charset = _charset(content_type) or json.detect_encoding(body)
        text = body.decode("utf-8-sig" if charset == "utf-8" else charset, "replace").removeprefix("\ufeff")
        content = json.loads(text, strict=False, parse_constant=lambda name: None)
        # Encoded once more, so that no half of a pair is left in any text.
        return msgspec.json.decode(_whole(json.dumps(content, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None


def _whole(text: str) -> bytes:
    """In UTF-8, with the replacement character for half a surrogate pair; two halves of one are joined."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _charset(content_type: str) -> str | None:
    """Python's name of the charset that a Content-Type names; None without one that we know."""
    match = _CHARSET.search(content_type)
    try:
        name = codecs.lookup(match[1]).name if match is not None else None
    except LookupError:
        return None
    return name if name in _CHARSETS else None


def field(fields: Mapping[str, Any], name: str) -> object:
    """The value of `name`, however its capitals are written; None when there is none."""
    if name in fields:
        return fields[name]
    small = name.lower()
    return next((value for key, value in fields.items() if key.lower() == small), None)


def object_field(fields: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """A value that is an object; None for anything else, and when there is none."""
    value = field(fields, name)
    return value if isinstance(value, dict) else None


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """A text or whole number as text; blank for anything else, and when there is none."""
    value = field(fields, name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def part_field(fields: Mapping[str, Any], name: str) -> int:
    """The number of a part, or of parts, 1 to 255; 0 for anything else, and when there is none."""
    text = text_field(fields, name)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return number if number <= 255 else 0


def timestamp(text: object) -> int | None:
    """Milliseconds since 1970 of a moment in ISO 8601, UTC when it names no zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    at = round(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000)
    return at if at >= 0 else None


def quoted(text: str, limit: int = _QUOTED_LIMIT) -> str:
    """Words from outside in one short line of printable characters, to stand in a sentence of ours."""
    printable = "".join(char if char.isprintable() else " " for char in text[:limit])
    return " ".join(printable.split()).rstrip(".")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header; its other form, a date, is not used by the providers we know."""
    given = headers.get("retry-after", "").strip()
    return float(given) if _SECONDS.fullmatch(given) else None
