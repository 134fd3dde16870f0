"""A text is blank when nothing of it can be seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.sms.blank import is_blank
from connector.sms.text import shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n",
        "\u00a0\u2003\u3000",
        "\u200b\u200d\u2060\ufeff",
        "\u00ad\u202e\u2066",
        "\u3164\uffa0\u115f",
        "\u2800 \u2800",
        "\ufe0f",
        "\U000e0041",
    ],
)
def test_nothing_to_see(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    "text", ["a", " .", "\U0001f44d", "\u2764\ufe0f", "\0", "\x1b", "\u0301", "\ud800", "\u200ba", "\u3164x"]
)
def test_something_to_see(text: str) -> None:
    assert not is_blank(text)


@given(st.text(max_size=8))
def test_what_is_blank_is_drawn_as_nothing(text: str) -> None:
    if not shown(text).strip():
        assert is_blank(text)
    if is_blank(text):
        assert not any(char.isalnum() and char not in "\u115f\u1160\u3164\uffa0" for char in shown(text))
