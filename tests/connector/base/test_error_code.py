from __future__ import annotations

import pytest

from connector.base.error_code import has_code


@pytest.mark.parametrize(
    ("words", "code", "has"),
    [("Unreachable (30003)", "30003", True), ("30003: unreachable", "30003", True), ("order 130003", "30003", False)],
)
def test_a_code_is_in_words_as_a_whole(words: str, code: str, has: bool) -> None:
    assert has_code(words, code) is has
