"""Reading fields of JSON and headers from outside: what is missing or of another type never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

_SECONDS = re.compile(r"[0-9]{1,6}")
_QUOTED_LIMIT = 200  # code points of a provider's own words


def json_object(body: bytes) -> dict[str, Any] | None:
    """`body` as a JSON object; None when it is anything else."""
    try:
        content = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def text_field(fields: Mapping[str, Any], name: str) -> str:
    """A text or whole number as text; blank for anything else, and when there is none."""
    value = fields.get(name)
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
