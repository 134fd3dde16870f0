"""The source of a request, directly and behind a reverse proxy."""

from __future__ import annotations

import pytest

from connector.edge.hooks.source import is_proxy, source_of


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("8.8.8.8", "1.2.3.4", "8.8.8.8"),
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.9", "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("::ffff:10.0.0.9", "2a00:1:2:3:4::5", "2a00:1:2:3::/64"),
        ("2a00:1:2:3:9::9", "1.2.3.4", "2a00:1:2:3::/64"),
        ("10.0.0.9", "1.2.3.4, unknown", "10.0.0.9"),
        ("10.0.0.9", "x" * 9000, "10.0.0.9"),
        ("127.0.0.1", None, "127.0.0.1"),
    ],
)
def test_a_request_counts_for_its_callers_network(peer: str, forwarded: str | None, source: str) -> None:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    assert source_of(peer, headers) == source


def test_proxies_stand_on_this_machine_or_in_a_private_network() -> None:
    assert all(map(is_proxy, ["127.0.0.1", "::1", "10.1.2.3", "fd00::1", "::ffff:192.168.1.1"]))
    assert not any(map(is_proxy, ["8.8.8.8", "2a00::1", "", "a name"]))
