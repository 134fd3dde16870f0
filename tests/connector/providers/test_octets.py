"""The octets of a segment as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.message import Part
from connector.providers.octets import decode

FIRST, MIDDLE, LAST = (Part(reference=1, total=3, number=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("octets", "part", "text"),
    [
        (b"caf\xc3\xa9", None, "café"),
        (b"caf\xe9", None, "café"),  # not valid UTF-8, so Latin-1
        (b"caf\xc3", FIRST, "caf\ufffd"),
        (b"caf\xc3", None, "cafÃ"),  # nothing follows, so nothing was cut
        (b"caf\xc3", LAST, "cafÃ"),
        (b"\xa9 noir", MIDDLE, "\ufffd noir"),
        (b"\xa9 noir", FIRST, "© noir"),
        (b"\x98\x80!\xf0\x9f", MIDDLE, "\ufffd!\ufffd"),
        (b"\xe9t\xe9 \xe0 Lyon", MIDDLE, "été à Lyon"),
        (b"\xf8", FIRST, "ø"),  # begins no UTF-8 character
        (b"\xf0\x9f\x98", FIRST, "\ufffd"),
        (b"\x9f\x98\x80", LAST, "\ufffd"),
        (b"", MIDDLE, ""),
    ],
)
def test_an_unnamed_charset_is_guessed(octets: bytes, part: Part | None, text: str) -> None:
    assert decode(octets, None, part)[0] == text


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("48c3a9", "UTF-8", "Hé"),
        ("48c3", "UTF-8", "H\ufffd"),
        ("48c3", "Latin-1", "HÃ"),
        ("48c3", "ISO-8859-1", "HÃ"),
        ("0048d83dde00", "UTF-16", "H😀"),
        ("0048d83d", "UTF-16", "H\ufffd"),
        ("004800", "UTF-16", "H\ufffd"),
        ("004180", "GSM", "@A\ufffd"),
        ("1b141b3c1b651b0a", "GSM", "^[€\f"),
        ("1b41", "GSM", "A"),  # an unknown extension shows as the plain character
        ("1b1b41", "GSM", "\ufffdA"),
        ("411b", "GSM", "A\ufffd"),  # cut from what it announces
        ("48c3a9", "EBCDIC", "Hé"),
    ],
)
def test_a_named_charset_is_kept_to(octets: str, charset: str, text: str) -> None:
    assert decode(bytes.fromhex(octets), charset, None) == (text, None)


@pytest.mark.parametrize(
    ("octets", "charset", "part", "text", "head", "tail"),
    [
        ("48c3", "UTF-8", FIRST, "H\ufffd", "", "c3"),
        ("a948f09f", "UTF-8", MIDDLE, "\ufffdH\ufffd", "a9", "f09f"),
        ("a948", None, LAST, "\ufffdH", "a9", ""),
        ("0048d83d", "UTF-16", FIRST, "H\ufffd", "", "d83d"),
        ("de000048", "UTF-16", LAST, "\ufffdH", "de00", ""),
        ("de00d83d", "UTF-16", MIDDLE, "\ufffd\ufffd", "de00", "d83d"),
        ("de000048", "UTF-16", FIRST, "\ufffdH", "", ""),  # nothing comes before it
        ("48c3", "UTF-8", LAST, "H\ufffd", "", ""),
    ],
)
def test_the_octets_of_a_cut_character_go_with_the_part(
    octets: str, charset: str | None, part: Part, text: str, head: str, tail: str
) -> None:
    found, cut = decode(bytes.fromhex(octets), charset, part)
    assert cut is not None
    assert (found, cut.head, cut.tail) == (text, head, tail)


CODECS = {"UTF-8": "utf-8", None: "utf-8", "UTF-16": "utf-16-be"}


@given(text=st.text(max_size=60), data=st.data(), charset=st.sampled_from([*CODECS]))
def test_a_text_cut_anywhere_is_whole_again_with_the_octets_of_its_parts(
    text: str, data: st.DataObject, charset: str | None
) -> None:
    octets = text.encode(CODECS[charset])
    step = 2 if charset == "UTF-16" else 1  # a segment of UCS-2 has whole units
    place = data.draw(st.integers(0, len(octets) // step)) * step
    first, before = decode(octets[:place], charset, Part(1, 2, 1))
    last, after = decode(octets[place:], charset, Part(1, 2, 2))
    assert before is not None and after is not None
    if before.tail or after.head:
        char = bytes.fromhex(before.tail + after.head).decode(before.charset)
        first, last = first.removesuffix("\ufffd") + char, last.removeprefix("\ufffd")
    assert first + last == text


@given(octets=st.binary(max_size=200), part=st.sampled_from([None, FIRST, MIDDLE, LAST]))
def test_any_octets_become_text_that_can_be_stored(octets: bytes, part: Part | None) -> None:
    for charset in (None, "GSM", "Latin-1", "UTF-8", "UTF-16"):
        decode(octets, charset, part)[0].encode()
