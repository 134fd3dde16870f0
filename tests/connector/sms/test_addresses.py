"""The forms an address can have."""

from __future__ import annotations

import pytest

from connector.sms.addresses import can_receive, is_e164, is_sender_name, is_short_code, without_separators


@pytest.mark.parametrize("address", ["+14155550100", "+2901234", "+15550142", "+882123456789012"])
def test_numbers(address: str) -> None:
    assert is_e164(address) and can_receive(address)
    assert not is_short_code(address) and not is_sender_name(address)


@pytest.mark.parametrize("address", ["123", "55501", "00123", "12345678"])
def test_short_codes(address: str) -> None:
    assert is_short_code(address) and can_receive(address)
    assert not is_e164(address) and not is_sender_name(address)


@pytest.mark.parametrize("address", ["TEXTDESK", "A&B Shop", "1800FLOWERS"])
def test_sender_names_can_send_only(address: str) -> None:
    assert is_sender_name(address) and not can_receive(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "+",
        "12",
        "123456789",
        "+0123456789",
        "+123456",
        "+1234567890123456",
        "+٣٣٣٣٣٣٣٣",
        "٣٤٥٦٧",
        "+1415 5550100",
        "+14155550100\n",
    ],
)
def test_what_has_no_form_to_receive(address: str) -> None:
    assert not can_receive(address)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+1 (415) 555-0100", "+14155550100"),
        (" 55501\u00a0", "55501"),
        ("+49.151/123", "+49151123"),
        ("+1\t415", "+1415"),
    ],
)
def test_separators_are_left_out(written: str, number: str) -> None:
    assert without_separators(written) == number
