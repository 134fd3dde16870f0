"""Fields from outside are read without raising."""

from __future__ import annotations

import httpx
import pytest

from connector.providers.fields import field, json_object, quoted, retry_after_s, text_field


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


HALF = '{"a": "1 \\ud800 2"}'


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (HALF.encode(), "", "1 \ufffd 2"),
        (b'{"a": "1 \\udc00"}', "", "1 \ufffd"),
        (b'{"a": "\\ud83d\\ude00"}', "", "\U0001f600"),
        (b'{"a": "\\ud83d\\ude00 \\ud83d"}', "", "\U0001f600 \ufffd"),
        (b'{"a": "\xed\xa0\x80"}', "", "\ufffd\ufffd\ufffd"),  # half a pair in octets, CESU-8
        (b'{"a": "\xc0\xaf"}', "", "\ufffd\ufffd"),  # overlong
        (b'{"a": "caf\xe9"}', "", "caf\ufffd"),
        (b'{"a": "caf\xe9"}', "application/json; charset=ISO-8859-1", "caf\xe9"),
        (b'{"a": "\x93x\x94"}', 'application/json;charset="windows-1252"', "\u201cx\u201d"),
        (b'{"a": "caf\xc3\xa9"}', "application/json; charset=iso-8859-1", "caf\xe9"),  # UTF-8 all the same
        (b'{"a": "x\xe9"}', "application/json; charset=zlib", "x\ufffd"),
        (b'\xef\xbb\xbf{"a": "x"}', "", "x"),
        ('{"a": "é"}'.encode("utf-16"), "", "é"),
        ('{"a": "é"}'.encode("utf-16-le"), "application/json; charset=utf-16le", "é"),
        ('{"a": "é"}'.encode("utf-32"), "", "é"),
        (b'{"a": "one\ntwo\x00\x1b"}', "", "one\ntwo\x00\x1b"),
        (b'{"a": "x", "b": NaN}', "", "x"),
    ],
)
def test_json_that_strict_readers_refuse_is_read(body: bytes, kind: str, text: str) -> None:
    content = json_object(body, kind)
    assert content is not None
    assert content["a"] == text
    content["a"].encode()


def test_fields_by_any_capitals_and_numbers_as_text() -> None:
    assert field({"TicketID": 1, "ticketId": 2}, "ticketId") == 2
    assert field({"TICKETID": 1}, "ticketId") == 1
    assert field({}, "ticketId") is None
    values = {"a": "x", "b": 7, "c": 4.0, "d": 4.5, "e": None, "f": True, "g": ["x"], "h": float("inf")}
    assert {name: text_field(values, name) for name in values} == {
        **dict.fromkeys("defgh", ""),
        "a": "x",
        "b": "7",
        "c": "4",
    }
