from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.base.money import UNIT, Money, exact, in_words, parse
from connector.domain.prices import FOR_GOOD, Price, Prices, read_code, read_prices


@given(st.integers(0, 999_999), st.integers(0, 999_999_999))
def test_amounts_are_exact(whole: int, rest: int) -> None:
    text = f"{whole}.{rest:09}"
    found = parse(f"{text} USD")
    assert found == Money(whole * UNIT + rest, "USD")
    assert Decimal(exact(found.billionths)) == Decimal(text)
    assert parse(f"{exact(found.billionths)} USD") == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "USD",
        "1 usd",
        "1  USD",
        "-1 USD",
        "1,5 USD",
        ".5 USD",
        "1. USD",
        "0.1234567890 USD",
        "1 USD ",
        "1e3 USD",
    ],
)
def test_what_is_no_price(text: str) -> None:
    assert parse(text) is None


def test_amounts_in_words_are_rounded_as_people_read_them() -> None:
    assert in_words(11_218_100_000, "USD") == "11.22 USD"
    assert in_words(15_800_000, "USD") == "0.0158 USD"
    assert in_words(2 * UNIT, "EUR") == "2.00 EUR"


def test_a_price_holds_from_its_day_on() -> None:
    prices = Prices(read_prices({"2026-12-01": "0.0083 USD", "2026-01-01": "0.0079 USD"}))
    assert prices.of_sent("1", date(2025, 12, 31)) is None
    assert prices.of_sent("1", date(2026, 11, 30)) == parse("0.0079 USD")
    assert prices.of_sent("1", date(2026, 12, 1)) == parse("0.0083 USD")
    assert prices.changes() == {date(2026, 1, 1), date(2026, 12, 1)}
    assert read_prices("1 EUR") == (Price(FOR_GOOD, Money(UNIT, "EUR")),)
    assert Prices(read_prices("1 EUR")).changes() == set()


def test_abroad_another_price_holds() -> None:
    prices = Prices(read_prices("0.0079 USD"), abroad={"49": read_prices("0.09 USD")})
    assert prices.of_sent("49", FOR_GOOD) == parse("0.09 USD")
    assert prices.of_sent("1", FOR_GOOD) == prices.of_sent("", FOR_GOOD) == parse("0.0079 USD")
    assert prices.of_received(FOR_GOOD) is None


@pytest.mark.parametrize("written", ["49", "+", "+999999", "+1415", "+4x", "+４９"])
def test_what_is_no_calling_code(written: str) -> None:
    with pytest.raises(ValueError, match="calling code"):
        read_code(written)
    assert [read_code(one) for one in ("+1", "+49", "+353")] == ["1", "49", "353"]
