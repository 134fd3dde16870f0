"""The user data header of a segment: which part of which text it is (3GPP TS 23.040, 9.2.3.24)."""

from __future__ import annotations

from connector.domain.message import Part

_CONCATENATED_8, _CONCATENATED_16 = 0x00, 0x08


def split_header(content: bytes) -> tuple[Part | None, bytes]:
    """The part that the header at the start of `content` names, and the octets after the header.

    A header is a length octet, then elements of type, length and data. Elements of other types are skipped, malformed
    ones ignored; of several that name a part the last counts. A length octet that reaches beyond the content is no
    header: everything is text then.
    """
    if not content or len(content) <= content[0]:
        return None, content
    end = 1 + content[0]
    part, at = None, 1
    while at + 2 <= end:
        kind, length = content[at], content[at + 1]
        data = content[at + 2 : at + 2 + length]
        at += 2 + length
        if at <= end:
            part = _part(kind, data) or part
    return part, content[end:]


def header_flaw(content: bytes) -> str | None:
    """What is wrong with the header at the start of `content`, in words; None when nothing is."""
    if not content or len(content) <= content[0]:
        return "its user data header is longer than its content"
    end, at = 1 + content[0], 1
    while at + 2 <= end:
        kind, length = content[at], content[at + 1]
        data = content[at + 2 : at + 2 + length]
        at += 2 + length
        if at > end:
            return "an element of its user data header is longer than the header"
        if kind in (_CONCATENATED_8, _CONCATENATED_16) and _part(kind, data) is None:
            return f"its user data header names no part of a text (element {kind:02X}: {data.hex().upper() or 'empty'})"
    return "its user data header ends within an element" if at < end else None


def _part(kind: int, data: bytes) -> Part | None:
    if kind == _CONCATENATED_8 and len(data) == 3:
        reference, total, number = data[0], data[1], data[2]
    elif kind == _CONCATENATED_16 and len(data) == 4:
        reference, total, number = data[0] << 8 | data[1], data[2], data[3]
    else:
        return None
    if not 1 <= number <= total:
        return None
    return Part(reference=reference, total=total, number=number, wide=kind == _CONCATENATED_16)
