"""The octets of a segment as text. Never raises, whatever the octets are.

OpenMarket documents the names of the charsets and not which one inbound hex is in, so one that is not named is
guessed: UTF-8 when it is valid, else Latin-1. A handset may cut a character in two between segments; the half at the
edge shows as U+FFFD, and its octets go with the part, so that a joined view can restore it. (In the GSM alphabet
nothing is cut so: an escape and what it announces stay together, as 23.038 asks.)
"""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.message import Part

# 3GPP TS 23.038, 6.2.1, in code order, and the extension table that ESC (1B) announces.
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))
_ESC = 0x1B
_REPLACEMENT = "\ufffd"


def decode(octets: bytes, charset: str | None, part: Part | None) -> tuple[str, Part | None]:
    """The text, and `part` with the octets of characters cut at its edges.

    `charset` as OpenMarket names it (GSM, Latin-1, UTF-8, UTF-16), None when the message does not say.
    """
    match (charset or "").upper().replace("-", ""):
        case "GSM":
            return _gsm(octets), part
        case "LATIN1" | "ISO88591":
            return octets.decode("latin-1"), part
        case "UTF16":
            return _between(octets, "utf-16-be", part, "replace")
        case "UTF8":
            return _between(octets, "utf-8", part, "replace")
    try:
        return _between(octets, "utf-8", part, "strict")
    except UnicodeDecodeError:
        return octets.decode("latin-1"), part


def _between(octets: bytes, charset: str, part: Part | None, errors: str) -> tuple[str, Part | None]:
    """What lies between the cut edges as text. Only an inner edge can have been cut."""
    if part is None:
        return octets.decode(charset, errors), None
    is_utf_8 = charset == "utf-8"
    start, end = 0, len(octets)
    if part.number > 1:
        start = _tail_of_cut(octets) if is_utf_8 else _half_pair(octets[:2], range(0xDC, 0xE0))
    if part.number < part.total:
        rest = octets[start:]
        end -= _head_of_cut(rest) if is_utf_8 else _half_pair(rest[-2:], range(0xD8, 0xDC))
    text = octets[start:end].decode(charset, errors)
    if start or end < len(octets):
        part = replace(part, head=octets[:start].hex(), tail=octets[end:].hex(), charset=charset)
    return _REPLACEMENT * (start > 0) + text + _REPLACEMENT * (end < len(octets)), part


def _half_pair(unit: bytes, leads: range) -> int:
    """How many octets of this UTF-16 unit are one half of a surrogate pair: of that half which begins so."""
    return 2 if len(unit) == 2 and unit[0] in leads else 0


def _tail_of_cut(octets: bytes) -> int:
    """How many octets at the start only continue a UTF-8 character."""
    count = 0
    while count < min(3, len(octets)) and 0x80 <= octets[count] < 0xC0:
        count += 1
    return count


def _head_of_cut(octets: bytes) -> int:
    """How many octets at the end begin a UTF-8 character without ending it."""
    for count in range(1, min(3, len(octets)) + 1):
        lead = octets[-count]
        if 0xC2 <= lead <= 0xF4:
            length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            return count if count < length else 0
        if not 0x80 <= lead < 0xC0:
            return 0
    return 0


def _gsm(octets: bytes) -> str:
    """One septet in each octet. An unknown extension shows as its character of the default table, as 6.2.1.1 says."""
    text: list[str] = []
    is_escaped = False
    for octet in octets:
        if octet == _ESC and not is_escaped:
            is_escaped = True
            continue
        char = _GSM[octet] if octet < len(_GSM) and octet != _ESC else _REPLACEMENT
        text.append(_GSM_EXTENSION.get(octet, char) if is_escaped else char)
        is_escaped = False
    return "".join(text) + _REPLACEMENT * is_escaped
