"""The light of an account tells what its traffic says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from connector.domain.health import Signs, light

FINE = Signs(
    signs_in=True,
    sign_in_words="signed in",
    refused_hooks=0,
    unread_hooks=0,
    failed_code=None,
    failed_words=None,
    oldest_queued_at=None,
)


@pytest.mark.parametrize(
    ("signs", "state", "word"),
    [
        (FINE, "ok", "signed in"),
        (replace(FINE, signs_in=None), "unknown", "signing in"),
        (replace(FINE, signs_in=False, sign_in_words="wrong token"), "down", "wrong token"),
        (replace(FINE, failed_code="30007", failed_words="filtered"), "warning", "filtered (30007)"),
        (replace(FINE, refused_hooks=3), "warning", "3 calls"),
        (replace(FINE, unread_hooks=1), "warning", "could not be used"),
        (replace(FINE, oldest_queued_at=1_000), "warning", "has waited 99 s"),
        (replace(FINE, oldest_queued_at=99_000), "ok", "signed in"),
        (replace(FINE, signs_in=False, sign_in_words="gone", refused_hooks=9), "down", "gone"),
    ],
)
def test_light(signs: Signs, state: str, word: str) -> None:
    shown = light(signs, now=100_000)
    assert shown.state == state
    assert word in shown.words
