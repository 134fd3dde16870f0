"""Which numbers can exist."""

from __future__ import annotations

import phonenumbers
import pytest

from connector.domain.address import is_possible
from connector.sms.addresses import is_e164


@pytest.mark.parametrize(
    "address",
    [
        "+14155550100",
        "+15550142",  # without its area code, as numbers in tests are
        "+447911123456",
        "+2901234",
        "+390612345678",
        "+883510000000091",  # an international network
        "123",
        "55501",
        "12345678",
    ],
)
def test_possible(address: str) -> None:
    assert is_possible(address)


@pytest.mark.parametrize(
    "address",
    ["", "12", "TEXTDESK", "+0123456789", "+999123456789", "+1415555010", "+141555501000", "+155501", "14155550100"],
)
def test_impossible(address: str) -> None:
    assert not is_possible(address)


@pytest.mark.parametrize("kind", [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
def test_every_countrys_example_is_possible_and_has_the_form_a_desk_takes(kind: int) -> None:
    examples = [phonenumbers.example_number_for_type(region, kind) for region in phonenumbers.SUPPORTED_REGIONS]
    numbers = [phonenumbers.format_number(one, phonenumbers.PhoneNumberFormat.E164) for one in examples if one]
    assert len(numbers) > 200
    assert [number for number in numbers if not (is_e164(number) and is_possible(number))] == []
