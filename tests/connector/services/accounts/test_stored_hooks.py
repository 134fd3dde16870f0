"""What is stored of a hook, and what that is good for."""

from __future__ import annotations

import msgspec
import pytest

from connector.providers.generic import signature
from connector.services.accounts.stored_hooks import STORED_BODY, as_it_came, set_aside, stored_headers
from connector.store.hook_budgets import LIMITS, Standing
from connector.store.values import HookState, RawHook
from tests.kit.stores import NOW, hook

STRANGERS = [standing for standing in Standing if standing is not Standing.GENUINE]


def aside(standing: Standing, **fields: object) -> RawHook:
    return set_aside(hook(**fields), HookState.REFUSED, "why", standing)


def test_headers_are_stored_by_an_allow_list_and_cut() -> None:
    given = [
        ("Content-Type", "a/b"),
        ("X-Sig", "s"),
        ("X-Other", "o"),
        ("Cookie", "c"),
        ("Host", "h" * 9_999),
        (":cut", ""),
    ]
    assert stored_headers("POST", given, {"x-sig"}) == {"content-type": "a/b", "x-sig": "s", "host": "h" * 512}
    assert stored_headers("GET", [], ()) == {":method": "GET"}
    assert stored_headers("X" * 9_999, [], ()) == {":method": "X" * 20}
    assert stored_headers("POST", [("Host", "\0\ud800")], ()) == {"host": "\u2400\ufffd"}


@pytest.mark.parametrize("standing", STRANGERS)
def test_a_row_of_a_stranger_has_a_limit_of_size(standing: Standing) -> None:
    long = "x" * 10_000_000
    found = set_aside(hook(url=long, body=long.encode()), HookState.REFUSED, long, standing)
    assert found.cut == "body and address"
    assert found.size < 100 * 1024
    assert len(msgspec.json.encode(found)) < 1.5 * found.size  # base64


def test_redaction_does_not_lengthen_a_row_beyond_its_limit() -> None:
    assert len(aside(Standing.UNKNOWN, body=b"key=1&" * 900 + b"x" * STORED_BODY).body) == STORED_BODY


def test_a_genuine_hook_is_stored_as_it_came() -> None:
    body = b"password=x&" * 50_000
    found = aside(Standing.GENUINE, body=body, url="u" * 50_000)
    assert (found.body, len(found.url), found.cut, found.budget) == (body, 50_000, "", "genuine main")


def test_the_charge_covers_what_is_stored() -> None:
    found = aside(Standing.UNPROVEN, body=b"b" * 1_000, url="ü" * 1_000, headers={"h": "é" * 100})
    assert found.size >= 1_000 + 2_000 + 200
    assert found.size < LIMITS[Standing.UNPROVEN].each / 1_000


def test_what_is_set_aside_twice_keeps_its_budget() -> None:
    watched = set_aside(hook(body=b"x" * 99_999), HookState.WATCHED, "no signature", Standing.UNPROVEN)
    found = set_aside(watched, HookState.UNROUTABLE, "no such line", Standing.GENUINE)
    assert (found.budget, found.cut, found.state) == ("unproven main", "body", HookState.UNROUTABLE)


def test_a_stored_hook_is_explained_as_of_its_time() -> None:
    secrets = {"secret": b"old"}
    body = b'{"text": "hello"}'
    signed = signature.sign(body, secrets.values(), NOW)
    headers = stored_headers("POST", [("X-Textdesk-Signature", signed)], {signature.HEADER})
    found = aside(Standing.LIKELY, path="/hooks/generic/main/inbound", headers=headers, body=body)
    later = NOW + 9 * 3_600_000
    assert "As it came it is genuine" in str(signature.explain(as_it_came(found, ""), secrets, later))


def test_a_stored_hook_gets_back_the_login_of_its_address() -> None:
    found = as_it_came(hook(url="https://•••@sms.example.com/hooks?x=1"), "https://me:pw@sms.example.com")
    assert found.url == "https://me:pw@sms.example.com/hooks?x=1"
