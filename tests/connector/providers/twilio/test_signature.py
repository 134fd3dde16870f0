"""Our shorter check of a signature always agrees with Twilio's own validator."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import SIGNATURE_SETTINGS_HEADER, RequestValidator

from connector.providers.twilio.form import Fields
from connector.providers.twilio.signature import verify
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
    assert _is_genuine(hook, validators) is expected


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


def _is_genuine(hook: Hook, validators: Any) -> bool:
    try:
        verify(hook, validators)
    except NotGenuine:
        return False
    return True
