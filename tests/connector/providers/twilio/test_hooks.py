"""What Twilio's webhooks say beside the contract."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from connector.domain.consent.entries import ConsentKind, ConsentSignal
from connector.providers.twilio.hooks import read_inbound
from connector.providers.values import Hook
from tests.kit.twilio_calls import FORM

URL = "https://desk.example.com/hooks/twilio/main/inbound"


@pytest.mark.parametrize(
    ("opt_out_type", "kind"),
    [("STOP", ConsentKind.OPTED_OUT), ("START", ConsentKind.OPTED_IN), ("HELP", None), ("", None), (None, None)],
)
def test_what_advanced_opt_out_took_a_text_for_is_passed_on(opt_out_type: str | None, kind: ConsentKind | None) -> None:
    form = {**FORM, "Body": "basta"} | ({} if opt_out_type is None else {"OptOutType": opt_out_type})
    headers = {"content-type": "application/x-www-form-urlencoded"}
    consent = read_inbound(Hook("inbound", "POST", URL, headers, urlencode(form).encode())).consent
    assert consent == (ConsentSignal(kind, "Twilio Advanced Opt-Out") if kind else None)
