"""A webhook that a proxy, a tunnel or a slip changed between Twilio's signing and us, and the words for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
import pytest

from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Hook, NotGenuine
from tests.kit.provider_table import NO_NETWORK, secret
from tests.kit.twilio_calls import (
    FORM,
    HOOK_SECRET,
    OLD_TOKEN,
    STATUS_FORM,
    TOKEN,
    hook,
    json_hook,
    section,
    settings_header,
    signature,
    without,
)

HOST = "sms.example.com"
PATH = "/hooks/twilio/main/inbound"


def made(public_url: str) -> TwilioProvider:
    given = section("http://127.0.0.1:9", public_url=public_url)
    return TwilioProvider("main", msgspec.convert(given, type=TwilioProvider.Settings, dec_hook=secret), NO_NETWORK)


def called(signed: str, public_url: str, headers: Mapping[str, str], path: str = PATH) -> tuple[TwilioProvider, Hook]:
    """A webhook signed for `signed` that reached us as `path`, with the headers the last proxy wrote."""
    return made(public_url), hook(FORM, public_url.rstrip("/") + path, signed_url=signed, headers=headers)


# What Twilio signed, the public_url of the configuration, the headers that came, and the words for it.
PROXIES: dict[str, tuple[str, str, dict[str, str], list[str]]] = {
    "TLS ends at the proxy, and public_url has what lies behind": (
        f"https://{HOST}{PATH}",
        f"http://{HOST}",
        {"host": HOST},
        ["scheme https instead of http", f"set public_url to https://{HOST}."],
    ),
    "Twilio calls without TLS": (
        f"http://{HOST}{PATH}",
        f"https://{HOST}",
        {"host": HOST, "x-forwarded-proto": "http"},
        ["scheme http instead of https", f"set public_url to http://{HOST}."],
    ),
    "a tunnel that writes itself into Host": (
        f"https://a1b2.tunnel.example{PATH}",
        f"https://{HOST}",
        {"host": "a1b2.tunnel.example"},
        [f"host a1b2.tunnel.example instead of {HOST}", "set public_url to https://a1b2.tunnel.example."],
    ),
    "a proxy that moves Host to X-Forwarded-Host": (
        f"https://texts.example.org{PATH}",
        f"https://{HOST}",
        {"host": "127.0.0.1:8080", "x-forwarded-host": "texts.example.org"},
        ["host texts.example.org", "set public_url to https://texts.example.org."],
    ),
    "a chain of proxies": (
        f"https://texts.example.org{PATH}",
        f"https://{HOST}",
        {"host": "10.0.0.7", "x-forwarded-host": "texts.example.org, edge.internal, 10.0.0.7"},
        ["host texts.example.org"],
    ),
    "the internal address as public_url": (
        f"https://{HOST}{PATH}",
        "http://127.0.0.1:8080",
        {"host": HOST},
        ["scheme https", f"host {HOST}", "port none instead of 8080", f"set public_url to https://{HOST}."],
    ),
    "a port at Twilio that public_url has not": (
        f"https://{HOST}:8443{PATH}",
        f"https://{HOST}",
        {"host": f"{HOST}:8443"},
        ["port 8443 instead of none", f"set public_url to https://{HOST}:8443."],
    ),
    "a port in public_url that Twilio has not": (
        f"https://{HOST}{PATH}",
        f"http://{HOST}:8080",
        {"host": f"{HOST}:8080"},
        ["scheme https instead of http", "port none instead of 8080"],
    ),
    "another port": (
        f"https://{HOST}:8443{PATH}",
        f"https://{HOST}:9443",
        {"host": f"{HOST}:8443"},
        ["port 8443 instead of 9443"],
    ),
    "a port that only X-Forwarded-Port tells": (
        f"https://{HOST}:10443{PATH}",
        f"https://{HOST}",
        {"host": HOST, "x-forwarded-port": "10443"},
        ["port 10443 instead of none"],
    ),
    "the port of the other scheme": (
        f"https://{HOST}:80{PATH}",
        f"https://{HOST}",
        {"host": HOST},
        ["port 80 instead of none"],
    ),
    "an IPv6 address": (
        f"http://[2001:db8::7]:8080{PATH}",
        f"http://{HOST}",
        {"host": "[2001:db8::7]:8080"},
        ["host [2001:db8::7]", "set public_url to http://[2001:db8::7]:8080."],
    ),
    "a slash at the end of the address at Twilio": (
        f"https://{HOST}{PATH}/",
        f"https://{HOST}",
        {"host": HOST},
        ["with a slash at its end", f"make the address at Twilio https://{HOST}{PATH}."],
    ),
    "a prefix that the proxy takes away": (
        f"https://{HOST}/sms{PATH}",
        f"https://{HOST}",
        {"host": HOST, "x-forwarded-prefix": "/sms"},
        [f"path /sms{PATH}", f"set public_url to https://{HOST}/sms."],
    ),
    "a prefix with a slash at its end": (
        f"https://{HOST}/sms{PATH}",
        f"https://{HOST}",
        {"host": HOST, "x-forwarded-prefix": "/sms/"},
        [f"set public_url to https://{HOST}/sms."],
    ),
    "a prefix in public_url that is not called": (
        f"https://{HOST}{PATH}",
        f"https://{HOST}/sms",
        {"host": HOST},
        [f"path {PATH} instead of /sms{PATH}", f"set public_url to https://{HOST}."],
    ),
    "everything at once": (
        f"http://texts.example.org:8080{PATH}/",
        f"https://{HOST}/sms",
        {"host": "10.0.0.7", "x-forwarded-host": "texts.example.org:8080"},
        ["scheme http", "host texts.example.org", "port 8080", "set public_url to http://texts.example.org:8080."],
    ),
    "headers that are rubbish, and another scheme": (
        f"http://{HOST}{PATH}",
        f"https://{HOST}",
        {"host": "[:::", "x-forwarded-host": ",,", "x-forwarded-port": "many", "x-forwarded-prefix": "///"},
        ["scheme http instead of https"],
    ),
    "two headers that say different things": (
        f"https://right.example.org{PATH}",
        f"https://{HOST}",
        {"host": "right.example.org", "x-forwarded-host": "wrong.example.org"},
        ["host right.example.org"],
    ),
    "a password in front of the host": (
        f"https://user:password-of-the-proxy@texts.example.org{PATH}",
        f"https://{HOST}",
        {"host": "user:password-of-the-proxy@texts.example.org"},
        ["https://texts.example.org/", f"host texts.example.org instead of {HOST}"],
    ),
}


@pytest.mark.parametrize("case", PROXIES)
def test_proxies(case: str) -> None:
    signed, public_url, headers, expected = PROXIES[case]
    provider, changed = called(signed, public_url, headers)
    words = provider.explain(changed)
    assert words is not None
    for part in ["by auth_token", *expected]:
        assert part in words
    assert "password-of-the-proxy" not in words
    with pytest.raises(NotGenuine):
        provider.authenticate(changed)


def test_a_slash_that_a_proxy_adds() -> None:
    provider, changed = called(f"https://{HOST}{PATH}", f"https://{HOST}", {"host": HOST}, path=PATH + "/")
    assert "without the slash at its end" in (provider.explain(changed) or "")


def test_a_query_that_a_proxy_adds() -> None:
    provider, changed = called(f"https://{HOST}{PATH}", f"https://{HOST}", {}, path=f"{PATH}?trace=secret")
    words = provider.explain(changed) or ""
    assert "without the query" in words and "trace" not in words


@pytest.mark.parametrize(
    ("token", "digest", "name"),
    [
        (TOKEN, "sha1", "auth_token"),
        (OLD_TOKEN, "sha1", "previous_auth_token"),
        (HOOK_SECRET, "sha256", "webhook_secret"),
    ],
)
def test_the_secret_is_named(token: str, digest: str, name: str) -> None:
    headers = settings_header("HMAC_SHA256") if digest == "sha256" else {}
    url = f"https://{HOST}/hooks/twilio/main/status?m=1"
    changed = hook(
        STATUS_FORM, url, token=token, signed_url=url.replace("https", "http"), digest=digest, headers=headers
    )
    assert f"It is signed by {name} for http://{HOST}/hooks/twilio/main/status (" in (
        made(f"https://{HOST}").explain(changed) or ""
    )


def test_a_hook_that_has_become_genuine_says_so() -> None:
    """The configuration was put right after it had been refused."""
    provider, unchanged = called(f"https://{HOST}{PATH}", f"https://{HOST}", {"host": HOST})
    assert (
        provider.explain(unchanged) == "As it came it is genuine by auth_token, so the configuration has changed since."
    )


def test_json_is_explained_while_its_hash_is_right() -> None:
    provider = made(f"https://{HOST}")
    body = b'{"MessageSid": "SM1"}'
    url = f"https://{HOST}{PATH}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    original = json_hook(body, url)
    changed = without(original)
    changed.headers["x-twilio-signature"] = signature(TOKEN, url.replace("https", "http"), [])  # type: ignore[index]
    assert "scheme http instead of https" in (provider.explain(changed) or "")
    assert provider.explain(msgspec.structs.replace(changed, body=body + b" ")) is None


@pytest.mark.parametrize(
    "strange",
    [
        hook(FORM, token="token-of-another"),
        without(hook(FORM), "x-twilio-signature"),
        hook(FORM, headers=settings_header("HMAC_SHA512")),
        hook(FORM, headers={"x-twilio-signature": "ü" * 28}),
        without(hook(FORM), "content-type"),
        hook({**FORM, "Body": "a" * 20_000}, signed_url=f"http://{HOST}{PATH}"),  # longer than any text
        msgspec.structs.replace(hook(FORM), url="https://[/hooks/twilio/main/inbound"),
        msgspec.structs.replace(hook(FORM), url="\udce9", headers={**hook(FORM).headers, "host": "\udce9"}),
    ],
)
def test_what_nothing_explains(strange: Hook) -> None:
    assert made(f"https://{HOST}").explain(strange) is None
