"""What calls to any company have in common."""

from __future__ import annotations

import httpx
import pytest

from connector.providers.fields import json_object, quoted, retry_after_s
from connector.providers.outcomes import outcome_without_answer
from connector.providers.values import TryLater, Uncertain

MAY_HAVE_LEFT = [
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.LocalProtocolError,
    httpx.DecodingError,
    httpx.TooManyRedirects,
]


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


@pytest.mark.parametrize("error", MAY_HAVE_LEFT)
def test_a_call_that_may_have_left_is_uncertain(error: type[httpx.HTTPError]) -> None:
    assert isinstance(outcome_without_answer("Somebody", error("secret")), Uncertain)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError])
def test_a_call_that_never_left_is_tried_later(error: type[httpx.HTTPError]) -> None:
    outcome = outcome_without_answer("Somebody", error("secret"))
    assert isinstance(outcome, TryLater) and "secret" not in outcome.words


@pytest.mark.parametrize(
    ("body", "content"),
    [(b'{"a": 1}', {"a": 1}), (b"[]", None), (b"", None), (b"\xff", None), (b"[" * 100_000, None), (b"<html>", None)],
)
def test_json_objects(body: bytes, content: object) -> None:
    assert json_object(body) == content


def test_quoted_words_are_one_short_printable_line() -> None:
    assert quoted(" One\r\ntwo\x1b[2J \u202ethree. ") == "One two [2J three"
    assert len(quoted("x" * 1000)) == 200
