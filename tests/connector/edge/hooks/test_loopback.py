"""Which requests come from this machine."""

from __future__ import annotations

import pytest

from connector.edge.hooks.loopback import is_local

CURL = {"Host": "127.0.0.1:8080", "User-Agent": "curl/8.5.0", "Accept": "*/*"}
HTTPX = {**CURL, "Accept-Encoding": "gzip, deflate", "Connection": "keep-alive"}
PROXIES = [
    "X-Forwarded-For",
    "x-forwarded-proto",
    "Forwarded",
    "Via",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "Fly-Client-IP",
    "X-Client-Addr",
    "X-Original-Host",
    "X-A-Name-That-Nothing-Knows",
    "Cookie",
    "Authorization",
]


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("headers", [CURL, HTTPX, {"host": "localhost"}])
def test_a_program_on_this_machine(peer: str, headers: dict[str, str]) -> None:
    assert is_local(peer, headers)


@pytest.mark.parametrize("peer", ["192.0.2.7", "10.0.0.1", "::ffff:192.0.2.7", "2001:db8::7", "", None])
def test_another_machine(peer: str | None) -> None:
    assert not is_local(peer, CURL)


@pytest.mark.parametrize("header", PROXIES)
def test_whatever_a_proxy_adds_makes_it_forwarded(header: str) -> None:
    assert not is_local("127.0.0.1", {**CURL, header: "192.0.2.7"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "[::1]"])
def test_hosts_of_this_machine(host: str) -> None:
    assert is_local("127.0.0.1", {"Host": host})


@pytest.mark.parametrize(
    "host", ["sms.example.com", "sms.example.com:443", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", ""]
)
def test_a_public_name_is_forwarded(host: str) -> None:
    assert not is_local("127.0.0.1", {"Host": host})


def test_without_a_host_it_is_forwarded() -> None:
    assert not is_local("127.0.0.1", {})
