"""What an address says of itself."""

from __future__ import annotations

import msgspec
import pytest

from connector.providers.addresses import OurAddresses, flaw, kind_of, name_cannot_answer, pace_of
from connector.providers.settings import NumberSettings
from connector.providers.values import InboundText
from connector.sms.addresses import is_short_code


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("+15550100100", "long_code"),
        ("+447700900123", "long_code"),
        ("TEXTDESK", "long_code"),
        ("+18005550100", "toll_free"),
        ("+18335550100", "toll_free"),
        ("+18445550100", "toll_free"),
        ("+18555550100", "toll_free"),
        ("+18665550100", "toll_free"),
        ("+18775550100", "toll_free"),
        ("+18885550100", "toll_free"),
        ("+18085550100", "long_code"),  # Hawaii
        ("+1800555010", "long_code"),
        ("+498005550100", "long_code"),
        ("123", "short_code"),
        ("12345", "short_code"),
        ("12345678", "short_code"),
        ("12", "long_code"),
        ("123456789", "long_code"),
        ("٣٤٥٦٧", "long_code"),
    ],
)
def test_kinds(address: str, kind: str) -> None:
    assert kind_of(address) == kind
    assert is_short_code(address) is (kind == "short_code")


@pytest.mark.parametrize(
    ("number", "pace"),
    [
        (NumberSettings("+15550100100"), 1),
        (NumberSettings("+18005550100"), 3),
        (NumberSettings("12345"), 100),
        (NumberSettings("+15550100100", kind="short_code"), 100),
        (NumberSettings("12345", kind="toll_free"), 3),
        (NumberSettings("+15550100100", segments_per_s=12.5), 12.5),
        (NumberSettings("12345", kind="toll_free", segments_per_s=0.2), 0.2),
        (NumberSettings("+15550100100", kind="10dlc", segments_per_s=4.5), 4.5),
    ],
)
def test_paces(number: NumberSettings, pace: float) -> None:
    assert pace_of([NumberSettings("+15550199"), number], number.address) == pace


def test_a_line_that_is_not_ours_has_the_pace_of_its_kind() -> None:
    assert pace_of([NumberSettings("+15550199", segments_per_s=50)], "12345") == 100


@pytest.mark.parametrize("pace", [0, -1, float("inf"), float("nan")])
def test_a_pace_that_is_none_is_refused(pace: float) -> None:
    with pytest.raises(msgspec.ValidationError, match="segments_per_s must be more than 0"):
        msgspec.convert({"address": "12345", "segments_per_s": pace}, type=NumberSettings)


def test_the_pace_of_a_campaign_has_to_be_said() -> None:
    with pytest.raises(msgspec.ValidationError, match="pace of its campaign: set segments_per_s"):
        msgspec.convert({"address": "+15550100100", "kind": "10dlc"}, type=NumberSettings)


@pytest.mark.parametrize("address", ["+15550100100", "15550100", "55501", "whatsapp:+15550100100"])
def test_numbers_can_be_answered(address: str) -> None:
    assert name_cannot_answer(address) is None


@pytest.mark.parametrize("address", ["AMAZON", "1-800-FLOWERS", "Anonymous", "+", "", "5550100 ", "٣٤٥٦٧"])
def test_names_cannot(address: str) -> None:
    words = name_cannot_answer(address)
    assert words is not None and words.endswith("cannot be answered.")


def test_a_name_is_put_in_words_without_harm() -> None:
    words = name_cannot_answer("AMA\x1b[31mZON\u202e")
    assert words is not None and words.isprintable()


def text(line: str, consumer: str) -> InboundText:
    return InboundText(ref="1", line=line, consumer=consumer, text="Hello")


@pytest.mark.parametrize(
    "consumer", ["07915000001", "+447915000001", "447915000001", "00447915000001", "+44 (0)7915 000001"]
)
def test_a_gateways_spellings_are_one_consumer_in_the_country_of_the_line(consumer: str) -> None:
    ours = OurAddresses(["+447400000000", "55501"])
    for line in ("+447400000000", "447400000000", "07400 000000", "55501"):
        found = ours.canonical(text(line, consumer), has_country_codes=False)
        assert found.consumer == "+447915000001"
        assert found.line == ("55501" if line == "55501" else "+447400000000")


def test_a_short_code_beside_numbers_of_two_countries_has_none() -> None:
    ours = OurAddresses(["+447400000000", "+4741000000", "55501"])
    assert ours.canonical(text("55501", "07915000001"), has_country_codes=False).consumer == "07915000001"
    assert ours.canonical(text("+4741000000", "41234567"), has_country_codes=False).consumer == "+4741234567"


def test_a_vendor_that_writes_country_codes_has_short_codes_of_eight_digits() -> None:
    ours = OurAddresses(["+4741000000"])
    assert ours.canonical(text("+4741000000", "41234567")).consumer == "41234567"


@pytest.mark.parametrize("line", ["+15550100", "15550100", "whatsapp:+15550100", "55501", "TEXTDESK", "+999"])
def test_a_line_of_ours_keeps_the_name_it_has_in_the_configuration(line: str) -> None:
    ours = OurAddresses(["+15550100", "whatsapp:+15550100", "55501"])
    expected = "+15550100" if line == "15550100" else line
    assert ours.canonical(text(line, "+14155550133"), has_country_codes=False).line == expected


@pytest.mark.parametrize(
    ("address", "meant"),
    [("+44 (0)7400 123456", "+447400123456"), ("4155550100", "+14155550100")],
)
def test_an_address_of_ours_in_another_spelling_is_refused_with_the_one_that_is_meant(address: str, meant: str) -> None:
    assert f"did you mean {meant}?" in (flaw(address) or "")


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("+4407400123456", "+447400123456"),
        ("+22507000000", "+2250707000000"),
        ("+22997000000", "+2290197000000"),
        ("whatsapp:+22507000000", "whatsapp:+2250707000000"),
    ],
)
def test_an_old_form_of_a_number_of_ours_is_refused_with_what_to_write(address: str, meant: str) -> None:
    words = flaw(address) or ""
    assert words.endswith(f"write {meant}") and "not an address" not in words


@pytest.mark.parametrize("address", ["+5215512345678", "+541112345678", "+15550100", "+99912345678", "55501"])
def test_a_number_as_networks_write_it_is_taken_for_ours(address: str) -> None:
    assert flaw(address) is None
