"""What an address says of itself."""

from __future__ import annotations

import msgspec
import pytest

from connector.providers.addresses import kind_of, name_cannot_answer, pace_of
from connector.providers.settings import NumberSettings
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
