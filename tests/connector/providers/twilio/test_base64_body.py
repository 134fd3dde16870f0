"""Texts that came as base64, and all others, which stay as they are."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.providers.twilio.base64_body import readable

PICTURE, TEXT = "MM" + "1" * 32, "SM" + "1" * 32
LONG = "I have waited for three weeks now, and no one could tell me where my parcel is. Gruß 😀"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "Where is my parcel?\r\nI have waited for three weeks now.\tThank you",
        "Добрый день! Я жду свою посылку уже три недели, где она?",
        "三週間も待っていますが、荷物がまだ届きません。どこにありますか。",
        "A family 👨\u200d👩\u200d👧 waits for a parcel, and has waited for three weeks",
        "x " * 23 + "y",
    ],
)
def test_a_long_text_is_decoded(text: str) -> None:
    assert readable(encoded(text), PICTURE) == text


def test_lines_of_base64_are_one() -> None:
    assert readable(f"\r\n{base64.encodebytes(LONG.encode()).decode()}\n", PICTURE) == LONG


@pytest.mark.parametrize(
    "body",
    [
        "",
        LONG,
        encoded("Short, so it could have come as it is"),  # 52 characters
        encoded(LONG)[:-1],
        encoded(LONG) + "====",
        encoded(LONG).replace("a", "-"),
        encoded(LONG).replace("A", "\uff21"),
        "See " + encoded(LONG),
        encoded("\x1b[31m red " * 8),
        encoded("\0" * 60),
        encoded("\x7f private \ue000 unassigned \U000e0080 " * 3),
        base64.b64encode(bytes(range(256))).decode(),
        base64.b64encode(("é è " * 20).encode("latin-1")).decode(),
        "V" * 64,  # is base64 of 48 U
        "VVVV" * 20,
        "A" * 60,
        "haha" * 20,
        "=" * 60,
        encoded("https://example.com/a-very-long-address-without-any-blank-in-it"),
        "SGVsbG8gd29ybGQgSGVsbG8gd29ybGQgSGVsbG8gd29ybGQgSGVsbG8gd29ybGR=",  # not how anything is encoded
    ],
)
def test_anything_else_stays(body: str) -> None:
    assert readable(body, PICTURE) == body


@given(text=st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=45))
def test_an_ordinary_message_is_never_decoded(text: str) -> None:
    assert readable(encoded(text), TEXT) == encoded(text)


@given(text=st.text())
def test_a_text_as_people_write_it_stays(text: str) -> None:
    """With a blank between words, or anything else that base64 has not, it can be nothing but itself."""
    for written in (f"{text} a", f"a {text}", f"{text}a, b", f"{text}!"):
        assert readable(written, PICTURE) == written


@given(
    body=st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=", min_size=56, max_size=80)
)
def test_nothing_is_lost(body: str) -> None:
    """What was decoded says exactly the same octets."""
    shown = readable(body, PICTURE)
    assert shown == body or encoded(shown) == body


@given(words=st.lists(st.text(st.characters(categories=["L", "N", "P", "So"]), min_size=1), min_size=45))
def test_words_come_back(words: list[str]) -> None:
    text = " ".join(words)
    assert readable(encoded(text), PICTURE) == text
