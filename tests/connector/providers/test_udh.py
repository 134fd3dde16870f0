"""The header of a segment (3GPP TS 23.040, 9.2.3.24)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.message import Part
from connector.providers.udh import split_header


@pytest.mark.parametrize(
    ("content", "part", "text"),
    [
        ("050003080202 656e64", Part(reference=8, total=2, number=2), "end"),
        ("060804010203 01 65", Part(reference=258, total=3, number=1, wide=True), "e"),
        ("0b 0504 15810000 0003 080201 61", Part(8, 2, 1), "a"),  # ports before
        ("08 2401 01 0003 080201 61", Part(8, 2, 1), "a"),  # a language shift before
        ("0a 0003 080201 0003 090302 61", Part(9, 3, 2), "a"),  # the last counts
        ("0a 0003 080201 0003 090300 61", Part(8, 2, 1), "a"),  # unless it is malformed
        ("050003080200 61", None, "a"),  # number 0
        ("050003080001 61", None, "a"),  # total 0
        ("050003080203 61", None, "a"),  # number above total
        ("04000208 02 61", None, "a"),  # wrong length for its type
        ("050004080202 61", None, "a"),  # an element that reaches beyond the header
        ("0100 61", None, "a"),  # half an element
        ("0408040102 0301", None, "\x03\x01"),  # an element that would be whole with the text after it
        ("00 61", None, "a"),  # an empty header
        ("05 61", None, "\x05a"),  # a header that reaches beyond the content
        ("02 61", None, "\x02a"),
        ("", None, ""),
    ],
)
def test_headers(content: str, part: Part | None, text: str) -> None:
    assert split_header(bytes.fromhex(content)) == (part, text.encode())


@given(content=st.binary(max_size=300))
def test_any_octets_end_in_what_follows_the_header(content: bytes) -> None:
    part, rest = split_header(content)
    assert content.endswith(rest)
    assert part is None or 1 <= part.number <= part.total <= 255


@given(
    reference=st.integers(0, 65535),
    total=st.integers(1, 255),
    data=st.data(),
    others=st.lists(st.tuples(st.sampled_from([0x04, 0x05, 0x24, 0x25, 0x70]), st.binary(max_size=8)), max_size=5),
    text=st.binary(max_size=150),
)
def test_a_part_is_found_among_other_elements(
    reference: int, total: int, data: st.DataObject, others: list[tuple[int, bytes]], text: bytes
) -> None:
    number = data.draw(st.integers(1, total))
    place = data.draw(st.integers(0, len(others)))
    elements = [bytes((kind, len(content))) + content for kind, content in others]
    wide = reference > 255
    octets = reference.to_bytes(2 if wide else 1, "big") + bytes((total, number))
    elements.insert(place, bytes((8 if wide else 0, len(octets))) + octets)
    header = b"".join(elements)
    assert split_header(bytes((len(header),)) + header + text) == (Part(reference, total, number, wide), text)
