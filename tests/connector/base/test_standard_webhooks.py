"""Signatures of outgoing webhooks: a public example, and what a receiver of its own takes and refuses."""

from __future__ import annotations

import base64

import pytest

from connector.base.standard_webhooks import headers
from tests.kit.webhook_receiver import SECRET, NotGenuine, verify

KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
BODY = b'{"type":"alert.raised"}'


def test_the_example_that_libraries_of_the_specification_share() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_takes_it_also_while_the_secret_is_changed() -> None:
    assert verify(SECRET, headers("M1", 1000, BODY, [KEY]), BODY, 1200) == {"type": "alert.raised"}
    both = headers("M1", 1000, BODY, [b"the new key that it has not yet", KEY])
    assert verify(SECRET, both, BODY, 1000) == {"type": "alert.raised"}


@pytest.mark.parametrize("what", ["body", "webhook-id", "webhook-timestamp", "key", "late"])
def test_a_receiver_refuses_what_was_changed_and_what_is_old(what: str) -> None:
    signed = headers("M1", 1000, BODY, [b"another key" if what == "key" else KEY])
    if what in signed:
        signed[what] = "1001"
    with pytest.raises(NotGenuine):
        verify(SECRET, signed, BODY + b" " if what == "body" else BODY, 1301 if what == "late" else 1000)
