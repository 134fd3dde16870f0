"""Lengths in the units that providers count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.lengths import LengthLimit, length, strictest

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
OURS, TWILIO = LengthLimit(1600), LengthLimit(1600, "utf16_units")


@pytest.mark.parametrize(
    ("text", "code_points", "utf16_units"),
    [("", 0, 0), ("hello", 5, 5), ("né€", 3, 3), ("\U0001f600", 1, 2), (FAMILY, 5, 8), (FAMILY * 320, 1600, 2560)],
)
def test_length(text: str, code_points: int, utf16_units: int) -> None:
    assert (length(text, "code_points"), length(text, "utf16_units")) == (code_points, utf16_units)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_utf16_units_are_those_of_the_encoding(text: str) -> None:
    assert length(text, "utf16_units") == len(text.encode("utf-16-le")) // 2


def test_the_strictest_limit_of_a_text() -> None:
    assert strictest("plain", OURS, TWILIO) is OURS
    assert strictest(FAMILY, OURS, TWILIO) is TWILIO
    assert strictest("plain", OURS, LengthLimit(160)) == LengthLimit(160)
    assert [TWILIO.excess(FAMILY * count) for count in (200, 201)] == [0, 8]
