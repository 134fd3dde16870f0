from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.sms.storable import storable


@given(st.text(st.characters(codec=None, min_codepoint=0)))
def test_always_storable_and_otherwise_unchanged(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept
    kept.encode()
    assert storable(kept) == kept


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert storable(text) == text


def test_halves_of_a_pair_are_joined() -> None:
    assert storable("\ud83d\ude00 a\ud83d b\0") == "😀 a\ufffd b\u2400"
