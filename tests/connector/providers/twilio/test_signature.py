"""Our shorter check of a signature always agrees with Twilio's own validator."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator

from connector.providers.twilio.form import Fields
from connector.providers.twilio.signature import verify
from connector.providers.twilio.spellings import spellings
from connector.providers.values import Hook, NotGenuine

BODY = b'{"a": 1}'
TOKENS = ("token-of-ours", "token-of-before")
HOSTS = ("https://desk.example.com", "https://desk.example.com:8443", "http://127.0.0.1:80", "http://[::1]:8080")
PATHS = ("/hooks/twilio/main/inbound", "/hooks/twilio/main/status?m=01J&x=%20", "/hooks?bodySHA256=" + "0" * 64)

urls = st.builds(str.__add__, st.sampled_from(HOSTS), st.sampled_from(PATHS))
# Few letters, so that names repeat, and run into values that look like them.
words = st.text(st.sampled_from("aAb é😀\n&=%+"), max_size=3)
forms = st.lists(st.tuples(words.filter(bool), words), max_size=6)
tokens = st.sampled_from([*TOKENS, "token-of-another", ""])
settings = st.sampled_from([None, "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1", "key=a,algorithm=HMAC_SHA256"])


def signed(token: str, url: str, form: list[tuple[str, str]], digest: str) -> str:
    """https://www.twilio.com/docs/usage/webhooks/webhooks-security"""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), digest)).decode()


@given(urls, urls, forms, forms, tokens, st.sampled_from(["sha1", "sha256"]), settings, st.booleans(), st.booleans())
@example(HOSTS[0], HOSTS[0], [("a", "b")], [("a", "b")], TOKENS[0], "sha1", None, True, True)
def test_it_agrees_with_the_validator(
    url: str,
    other_url: str,
    form: list[tuple[str, str]],
    other_form: list[tuple[str, str]],
    token: str,
    digest: str,
    setting: str | None,
    is_url_signed: bool,
    is_form_signed: bool,
) -> None:
    signature = signed(token, url if is_url_signed else other_url, form if is_form_signed else other_form, digest)
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    headers |= {} if setting is None else {SIGNATURE_SETTINGS_HEADER.lower(): setting}
    hook = Hook("inbound", "POST", url, headers, urlencode(form).encode())
    validators = [RequestValidator(ours) for ours in TOKENS]
    fields = Fields()
    for name, value in parse_qsl(hook.body.decode(), keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    algorithm = "HMAC_SHA256" if setting and setting.endswith("256") else "HMAC_SHA1"
    expected = any(each.validate(url, fields, signature, algorithm) for each in validators)
    # The validator cuts an IPv6 address at its first colon.
    knows_more = any(
        each.compute_signature(one, fields, algorithm) == signature
        for each in validators
        for one in (url, *spellings(url))
    )
    assert _is_genuine(hook, validators) is (expected or (knows_more and "bodySHA256" not in url))


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", PATHS)
def test_the_usual_signature_is_right_with_either_token(host: str, path: str) -> None:
    form = [("Body", "Hello"), ("From", "+15550123")]
    for token in TOKENS:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": signed(token, host + path, form, "sha1"),
        }
        hook = Hook("inbound", "POST", host + path, headers, urlencode(form).encode())
        assert _is_genuine(hook, [RequestValidator(ours) for ours in TOKENS])


@pytest.mark.parametrize(
    ("sent", "words"), [(BODY, "the signature does not match"), (b"{}", "the body is not the one")]
)
def test_a_body_that_was_changed_is_not_taken_for_a_wrong_token(sent: bytes, words: str) -> None:
    """Either the token is wrong, or the body is not the one that was signed."""
    url = f"{HOSTS[0]}/hooks?bodySHA256={hashlib.sha256(BODY).hexdigest()}"
    headers = {"content-type": "application/json", "x-twilio-signature": signed("another", url, [], "sha1")}
    with pytest.raises(NotGenuine, match=words):
        verify(Hook("inbound", "POST", url, headers, sent), [RequestValidator(TOKENS[0])])


# What the configuration has, and what somebody has written at Twilio or Twilio makes of it.
SAME = {
    "the default port, written or not": [
        "https://sms.example.com",
        "https://sms.example.com:443",
        "https://sms.example.com/",
    ],
    "the default port of plain http": ["http://127.0.0.1", "http://127.0.0.1:80"],
    "another port": ["https://sms.example.com:8443", "https://SMS.example.com:8443"],
    "capitals": ["https://sms.example.com", "https://SMS.Example.COM", "HTTPS://sms.example.com"],
    "a full stop after the host": [
        "https://sms.example.com.",
        "https://sms.example.com",
        "https://sms.example.com.:443",
    ],
    "a name beyond ASCII": ["https://bücher.example", "https://xn--bcher-kva.example", "https://BÜCHER.example:443"],
    "a login": [
        "https://user:pass@sms.example.com",
        "https://sms.example.com",
        "https://user:pass@sms.example.com:443",
    ],
    "a login with a port": ["https://u:p%40ss@sms.example.com:8443", "https://sms.example.com:8443"],
    "IPv6": ["https://[2001:db8::1]", "https://[2001:db8::1]:443", "https://[2001:DB8::1]"],
    "IPv6 with a port": ["http://[::1]:8080"],
    "IPv4": ["https://203.0.113.7", "https://203.0.113.7:443"],
    "a path": ["https://sms.example.com/a/b", "https://sms.example.com/a/b/", "https://SMS.example.com:443/a/b"],
    "a path with an empty part": ["https://sms.example.com/a//b"],
    "a path beyond ASCII": ["https://sms.example.com/büro", "https://sms.example.com/b%C3%BCro"],
    "an encoded path": ["https://sms.example.com/a%2fb", "https://sms.example.com/a%2Fb"],
}
REST = ("/hooks/twilio/main/inbound", "/hooks/twilio/main/inbound?m=01J&x=%20", "/hooks/twilio/the%20main/inbound")
FORM = [("Body", "Hello"), ("From", "+15550123")]


@pytest.mark.parametrize("written", SAME.values(), ids=SAME)
@pytest.mark.parametrize("rest", REST)
def test_any_spelling_of_the_address_may_be_signed(written: list[str], rest: str) -> None:
    """By Twilio's own class: it computes what Twilio would have signed for each."""
    twilio = RequestValidator(TOKENS[0])
    for ours in written:
        for theirs in written:
            login, _, host = urlsplit(theirs).netloc.rpartition("@")
            if login not in ours or theirs.startswith("HTTPS"):
                continue  # a password that the configuration has not, and what no client asks for
            for token in (TOKENS[0], "token-of-another"):
                signature = RequestValidator(token).compute_signature(theirs.rstrip("/") + rest, dict(FORM))
                is_genuine = _is_genuine(_called(ours.rstrip("/") + rest, signature, host), [twilio])
                assert is_genuine is (token == TOKENS[0]), (ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs", "host"),
    [
        ("https://sms.example.com", "https://SMS.Example.com", "SMS.Example.com"),
        ("https://sms.example.com", "https://sms.example.com.", "sms.example.com."),
        ("https://sms.example.com:8443", "https://Sms.Example.com.:8443", "Sms.Example.com.:8443"),
        ("https://bücher.example", "https://XN--bcher-kva.example", "XN--bcher-kva.example"),
        ("https://u:p@sms.example.com", "https://u:p@SMS.example.com", "SMS.example.com"),
    ],
)
def test_a_host_is_the_same_however_the_caller_writes_it(ours: str, theirs: str, host: str) -> None:
    twilio = RequestValidator(TOKENS[0])
    signature = twilio.compute_signature(theirs + REST[1], dict(FORM))
    assert _is_genuine(_called(ours + REST[1], signature, host), [twilio])


@pytest.mark.parametrize(
    ("ours", "theirs", "host"),
    [
        ("https://sms.example.com", "https://sms.example.org", "sms.example.org"),
        ("https://sms.example.com", "http://sms.example.com", ""),
        ("https://sms.example.com", "https://sms.example.com:8443", "sms.example.com:8443"),
        ("https://sms.example.com/a", "https://sms.example.com/A", ""),
        ("https://sms.example.com/a//b", "https://sms.example.com/a/b", ""),
        ("https://sms.example.com", "https://user:pass@sms.example.com", "user:pass@sms.example.com"),
        ("https://[2001:db8::1]", "https://[2001:db8::2]", "[2001:db8::2]"),
        ("https://sms.example.com", "https://x" + "x" * 5000, "x" * 5000),
        ("https://sms.example.com", "https://\udce9.example", "\udce9.example"),
    ],
)
def test_another_address_is_not_the_same(ours: str, theirs: str, host: str) -> None:
    twilio = RequestValidator(TOKENS[0])
    signature = signed(TOKENS[0], theirs.encode(errors="replace").decode() + REST[0], FORM, "sha1")
    assert not _is_genuine(_called(ours + REST[0], signature, host), [twilio])


def test_a_wrong_signature_costs_few_computations() -> None:
    usual = "https://sms.example.com/hooks/twilio/main/inbound"
    assert len([*spellings(usual, "sms.example.com")]) <= 3
    assert len([*spellings("https://u:p@BÜCHER.example.:8443/ä%2f", "x" * 10_000)]) <= 200


def _called(url: str, signature: str, host: str = "") -> Hook:
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature, "host": host}
    return Hook("inbound", "POST", url, headers, urlencode(FORM).encode())


def _is_genuine(hook: Hook, validators: Any) -> bool:
    try:
        verify(hook, validators)
    except NotGenuine:
        return False
    return True
