"""The octets of a segment as text. Never raises, whatever the octets are.

OpenMarket documents the names of the charsets and not which one inbound hex is in, so one that is not named is
guessed: UTF-8 when it is valid, else Latin-1. A handset may cut a character in two between segments; the half at the
edge shows as U+FFFD, and the octets themselves stay in the kept hook.
"""

from __future__ import annotations

from connector.domain.values import Part

# 3GPP TS 23.038, 6.2.1, in code order, and the extension table that ESC (1B) announces.
_GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = dict(zip(b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", "\f^{}\\[~]|€", strict=True))
_ESC = 0x1B
_REPLACEMENT = "\ufffd"


def decode(octets: bytes, charset: str | None, part: Part | None) -> str:
    """`charset` as OpenMarket names it (GSM, Latin-1, UTF-8, UTF-16), None when it did not say."""
    match (charset or "").upper().replace("-", ""):
        case "GSM":
            return _gsm(octets)
        case "LATIN1" | "ISO88591":
            return octets.decode("latin-1")
        case "UTF16":
            return octets.decode("utf-16-be", "replace")
        case "UTF8":
            return octets.decode("utf-8", "replace")
    return _guess(octets, part)


def _guess(octets: bytes, part: Part | None) -> str:
    start, end = 0, len(octets)
    if part is not None:
        # Only an inner edge can have been cut.
        start = _tail_of_cut(octets) if part.number > 1 else 0
        end -= _head_of_cut(octets[start:]) if part.number < part.total else 0
    try:
        whole = octets[start:end].decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")
    return _REPLACEMENT * (start > 0) + whole + _REPLACEMENT * (end < len(octets))


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
