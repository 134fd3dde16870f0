"""Texts that smsbox brings, as the core's hook `inbound` has them (user guide, table 7-10: escape codes)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from connector.providers.octets import decode
from connector.providers.udh import header_flaw, split_header

_CHARSETS = {"UTF-16BE": "UTF-16", "UTF-8": "UTF-8", "ISO-8859-1": "Latin-1"}
_8_BIT = "1"  # %c


def message(given: Mapping[str, bytes]) -> dict[str, Any]:
    """The content of the hook. `given`: parameters of the get-url, whose values are octets. Raises ValueError.

    Kannel's numbers stay as it writes them. A segment of a longer text has its part, when Kannel does not join them.
    """
    octets = given.get("text", b"")
    header = given.get("udh", b"")
    part, _ = split_header(header)
    charset = _word(given, "charset").upper()
    if charset == "WINDOWS-1252":
        text = octets.decode("cp1252", "replace")
    elif _word(given, "coding") == _8_BIT and not _is_text(octets):
        text = f"[8-bit data: {octets.hex()}]"
    else:
        text, part = decode(octets, _CHARSETS.get(charset), part)
    found = {"id": _word(given, "id"), "from": _word(given, "from"), "to": _word(given, "to"), "text": text}
    if not (found["id"] and found["from"] and found["to"]):
        raise ValueError("id, from or to is missing in the get-url, or empty")
    content: dict[str, Any] = dict(found)
    if part is not None:
        content["part"] = msgspec.to_builtins(part)
    elif header and header_flaw(header):
        content["part"] = {"udh": header.hex()}  # the core takes the text, and lists what it could not read
    at = _word(given, "at")
    if at.isdecimal() and len(at) <= 10:
        content["at"] = datetime.fromtimestamp(int(at), UTC).isoformat()
    return content


def _is_text(octets: bytes) -> bool:
    try:
        return octets.decode().replace("\n", "").replace("\r", "").isprintable()
    except UnicodeDecodeError:
        return False


def _word(given: Mapping[str, bytes], name: str) -> str:
    return given.get(name, b"").decode("utf-8", "replace").strip()
