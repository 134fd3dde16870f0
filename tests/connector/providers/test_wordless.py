"""Words for messages that come without any."""

from __future__ import annotations

import pytest

from connector.providers.wordless import NOTHING, worded


@pytest.mark.parametrize(
    ("text", "has_media", "facts", "expected"),
    [
        ("Hello", False, "", "Hello"),
        (" Hello ", True, "", " Hello "),
        ("", False, "", NOTHING),
        ("\u200b", False, "", NOTHING),
        ("", True, "", ""),
        (" \n", True, "", ""),
        ("", False, "location: here", "[location: here]"),
        ("", True, "location: here", "[location: here]"),
        ("Here", False, "location: here", "Here\n[location: here]"),
    ],
)
def test_words(text: str, has_media: bool, facts: str, expected: str) -> None:
    assert worded(text, [1] * has_media, facts) == expected
