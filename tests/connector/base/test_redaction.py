"""Secrets are taken out under any spelling of their name, and nothing else is changed."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.base import agent_token
from connector.base.redaction import (
    is_secret_name,
    redacted_body,
    redacted_json,
    redacted_line,
    redacted_pairs,
    redacted_url,
    with_login_of,
)

NAMES = [
    *("key", "KEY", "%6bey", "%4B%65%59", "k%2565y", "Key ", "key[]", "hook_key", "api-key", "apiKey", "API.KEY"),
    *(
        "token",
        "access_token",
        "auth%5Ftoken",
        "X-Auth-Token",
        "secret",
        "client_secret",
        "password",
        "PassWord",
        "passwd",
    ),
    *("pw", "pwd", "auth", "Authorization", "credentials", "sig", "signature", "jwt", "ｋｅｙ", "%EF%BD%8Bey"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("separator", ["&", ";"])
def test_a_secret_is_taken_out_of_an_address_however_its_name_is_written(name: str, separator: str) -> None:
    url = redacted_url(f"https://sms.example.com/hooks?a=1{separator}{name}=geheim{separator}b=2")
    assert url == f"https://sms.example.com/hooks?a=1{separator}{name}=•••{separator}b=2"


@pytest.mark.parametrize(
    "name",
    [
        "Body",
        "MessageSid",
        "AccountSid",
        "bodySHA256",
        "From",
        "m",
        "OptOutType",
        "NumMedia",
        "mobileOriginate",
        "text",
        "id",
    ],
)
def test_what_providers_send_is_not_taken_for_a_secret(name: str) -> None:
    assert not is_secret_name(name)


def test_user_and_password_before_the_host_are_taken_out() -> None:
    assert redacted_url("https://me:geheim@sms.example.com/x@y?a=b@c") == "https://•••@sms.example.com/x@y?a=b@c"
    assert redacted_url("https://me:ge@heim@h") == "https://•••@h"
    assert redacted_url("/x@y") == "/x@y"


def test_the_login_of_our_own_address_can_be_put_back() -> None:
    url = "https://me:p•••@sms.example.com/hooks?key=1"
    redacted = redacted_url(url)
    assert with_login_of("https://me:p•••@sms.example.com", redacted) == "https://me:p•••@sms.example.com/hooks?key=•••"
    assert with_login_of("https://sms.example.com", redacted) == redacted
    assert with_login_of("https://me:pw@sms.example.com", "https://h/") == "https://h/"


@given(st.lists(st.tuples(st.sampled_from(["Body", "From", "a b", "é", "m"]), st.text(max_size=20))))
def test_a_form_without_secrets_stays_as_it_is_byte_for_byte(fields: list[tuple[str, str]]) -> None:
    body = urlencode(fields, errors="replace").encode()
    assert redacted_body(body) == body
    assert redacted_url("https://h/?" + body.decode()) == "https://h/?" + body.decode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "id", 'a"b', "\\"]), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["text", "from", "é\\"]), json_values), st.booleans())
def test_json_without_secrets_stays_as_it_is_byte_for_byte(value: object, is_ascii: bool) -> None:
    body = json.dumps(value, ensure_ascii=is_ascii).encode(errors="replace")
    assert redacted_body(body) == body


@given(st.sampled_from(["password", "api_key", "Token", "p\\u0061ss"]), json_values, st.text(max_size=20))
def test_json_stays_json_and_has_no_secret_at_any_depth(name: str, other: object, text: str) -> None:
    secret = "geheim" + text
    inner = f'{{"text": {json.dumps(other)}, "{name}" : {json.dumps(secret)}, "last": 1}}'
    for body in (inner, f"[{inner}, {inner}]", f'{{"a": {{"b": {inner}}}}}'):
        found = redacted_json(body)
        assert json.dumps(secret)[1:-1] not in found
        assert json.dumps(json.loads(found)).count("\\u2022" * 3) >= 1


def test_words_that_look_like_a_field_in_a_text_are_left() -> None:
    body = json.dumps({"text": 'say "password": "x" & key=1'}).encode()
    assert redacted_body(body) == body


def test_a_body_that_is_cut_in_a_secret_does_not_show_its_beginning() -> None:
    assert redacted_body(b'{"a": 1, "password": "gehe') == '{"a": 1, "password": "•••"'.encode()
    assert redacted_body(b"a=1&password=gehe") == "a=1&password=•••".encode()


def test_bytes_that_are_no_text_are_left() -> None:
    assert redacted_body(b"\xff\x00\xfe=\x80") == b"\xff\x00\xfe=\x80"
    assert redacted_body(b"<password>") == b"<password>"


def test_a_log_line_shows_no_secret_of_an_address_in_it() -> None:
    line = "cannot call 'https://me:geheim@h/x?a=1&%6bey=geheim&b=2': refused"
    assert redacted_line(line) == "cannot call 'https://•••@h/x?a=1&%6bey=•••&b=2': refused"
    headers = (
        "{'authorization': 'Basic geheim=', 'host': 'h'} (b'Authorization', b'Bearer geheim') Authorization: geheim"
    )
    assert "geheim" not in redacted_line(headers)
    assert "'host': 'h'" in redacted_line(headers)
    assert redacted_line("moved=3, waiting=4") == "moved=3, waiting=4"


@pytest.mark.parametrize(
    "body",
    [
        b'{"' + b'\\"' * 32_000,
        b"{" + b'"' * 65_000,
        b"{" + b'"key":' * 10_000,
        b'{"a"' + b" " * 65_000,
        b'{"a"' + b":\t" * 32_000,
        b"&" * 65_000 + b"=",
        b"=" * 65_000,
        b"%41" * 21_000 + b"=1",
    ],
    ids=["escapes", "quotes", "names", "blanks", "colons", "pairs", "equals", "percent"],
)
def test_no_junk_takes_long(body: bytes) -> None:
    """Some milliseconds each. Quadratic time would be minutes."""
    begun = time.process_time()
    redacted_body(body)
    redacted_line(body.decode())
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(("start", "pair"), [(b"", b"a=b&"), (b"", b"a=b;"), (b"{", b'"a":"b",'), (b"{", b'""')])
def test_what_follows_a_thousand_names_is_taken_out_unread(start: bytes, pair: bytes) -> None:
    few, many = start + 999 * pair, start + 16_000 * pair + b"key=geheim"
    assert redacted_body(few) == few
    redacted = redacted_body(many)
    assert redacted.endswith("•••".encode())
    assert len(redacted) < 10_000


@given(st.text(max_size=30), st.text(max_size=10))
def test_every_pair_under_a_secret_name_is_redacted_as_a_reader_would_see_it(value: str, prefix: str) -> None:
    """Whatever `parse_qsl` reads under `key` is gone."""
    for name in ("key", quote("key"), "%6B%65%79"):
        pairs = redacted_pairs(
            f"{quote_plus(prefix, errors='replace')}=1&{name}={quote(value, safe='', errors='replace')}"
        )
        assert dict(parse_qsl(pairs)).get("key", "•••") == "•••"


@pytest.mark.parametrize("line", ["{}", "wrong: {}!", "GET /?a={}&b=2", "{{'x': '{}'}}", "a {} and once more {}"])
def test_an_agents_token_is_taken_out_wherever_it_stands(line: str) -> None:
    token = agent_token.new()
    shown = redacted_line(line.format(token, token))
    assert token[:8] not in shown and token[4:] not in shown
    assert "tdk_•••" in shown or "a=•••" in shown


def test_a_token_that_was_cut_short_is_taken_out_too() -> None:
    assert redacted_line(f"…{agent_token.new()[:20]}") == "…tdk_•••"
