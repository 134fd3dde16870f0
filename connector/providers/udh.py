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
