"""Who is told what is for this machine alone."""

from __future__ import annotations

import pytest

from connector.edge.hooks.loopback import is_near

PROXIES = [
    "X-Forwarded-For",
    "x-forwarded-proto",
    "Forwarded",
    "Via",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
]


@pytest.mark.parametrize(
    ("peer", "headers", "near"),
    [
        ("127.0.0.1", [], True),
        ("127.9.9.9", ["Host", "Accept", "User-Agent"], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        ("192.0.2.7", [], False),
        ("10.0.0.1", [], False),
        ("::ffff:192.0.2.7", [], False),
        ("2001:db8::7", [], False),
        ("", [], False),
        (None, [], False),
        *(("127.0.0.1", ["Host", header], False) for header in PROXIES),
    ],
)
def test_nearness(peer: str | None, headers: list[str], near: bool) -> None:
    assert is_near(peer, headers) is near
