"""Which requests come from this machine."""

from __future__ import annotations

import pytest

from connector.edge.hooks.loopback import is_local

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
    ("peer", "headers", "expected"),
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
def test_is_local(peer: str | None, headers: list[str], expected: bool) -> None:
    assert is_local(peer, headers) is expected
