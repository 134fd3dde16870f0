"""IP addresses in texts: what they are, whose they are, and what they count as."""

from __future__ import annotations

import pytest

from connector.base.ip_addresses import is_loopback, network_of, parsed


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1", "localhost", "LocalHost"]
)
def test_hosts_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "192.0.2.7",
        "127.0.0.1.example.com",
        "127.999.1.1",
        "[127.0.0.1",
        "127.0.0.1%lo",
        "localhost.example.com",
        "::",
        "0",
    ],
)
def test_other_hosts(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a name", "a name"),
    ],
)
def test_the_network_of_an_address(text: str, network: str) -> None:
    assert network_of(text) == network


def test_a_text_of_any_length_is_no_address() -> None:
    assert parsed("1" * 10_000) is None
    assert parsed("fe80::1%" + "x" * 10_000) is None
