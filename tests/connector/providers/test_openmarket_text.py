"""The octets of a segment as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.domain.values import Part
from connector.providers.openmarket_text import decode

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
    assert decode(octets, None, part) == text


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
        ("1b41", "GSM", "A"),  # an extension nobody knows shows as the plain character
        ("1b1b41", "GSM", "\ufffdA"),
        ("411b", "GSM", "A\ufffd"),  # cut from what it announces
        ("48c3a9", "EBCDIC", "Hé"),
    ],
)
def test_a_named_charset_is_kept_to(octets: str, charset: str, text: str) -> None:
    assert decode(bytes.fromhex(octets), charset, None) == text


@given(text=st.text(max_size=60), data=st.data())
def test_utf_8_cut_anywhere_keeps_all_but_the_cut_character(text: str, data: st.DataObject) -> None:
    octets = text.encode()
    place = data.draw(st.integers(0, len(octets)))
    first = decode(octets[:place], None, Part(1, 2, 1))
    last = decode(octets[place:], None, Part(1, 2, 2))
    if "\ufffd" not in text and "\ufffd" in first + last:
        before, after = first.removesuffix("\ufffd"), last.removeprefix("\ufffd")
        assert text.startswith(before) and text.endswith(after) and len(before + after) == len(text) - 1
    else:
        assert first + last == text


@given(octets=st.binary(max_size=200), part=st.sampled_from([None, FIRST, MIDDLE, LAST]))
def test_any_octets_become_text_that_can_be_stored(octets: bytes, part: Part | None) -> None:
    for charset in (None, "GSM", "Latin-1", "UTF-8", "UTF-16"):
        decode(octets, charset, part).encode()
