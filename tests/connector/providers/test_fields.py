"""Fields from outside are read without raising."""

from __future__ import annotations

import httpx
import pytest

from connector.providers.fields import json_object, quoted, retry_after_s


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("٣", None),
        ("9" * 5000, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_retry_after(given: str, seconds: float | None) -> None:
    assert retry_after_s(httpx.Headers([(b"Retry-After", given.encode())])) == seconds
    assert retry_after_s(httpx.Headers()) is None


@pytest.mark.parametrize(
    ("body", "content"),
    [(b'{"a": 1}', {"a": 1}), (b"[]", None), (b"", None), (b"\xff", None), (b"[" * 100_000, None), (b"<html>", None)],
)
def test_json_objects(body: bytes, content: object) -> None:
    assert json_object(body) == content


def test_quoted_words_are_one_short_printable_line() -> None:
    assert quoted(" One\r\ntwo\x1b[2J \u202ethree. ") == "One two [2J three"
    assert len(quoted("x" * 1000)) == 200
