from __future__ import annotations

from connector.providers.twilio.numbers import inbound_url


def test_the_address_at_a_number_asks_for_retries() -> None:
    assert inbound_url("https://sms.example.com/x/", "my desk") == (
        "https://sms.example.com/x/hooks/twilio/my%20desk/inbound#rc=5&rp=ct,rt,5xx&rt=4000"
    )
