"""What a segment costs: by line, by day, and of what is sent by the country of the consumer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from connector.base.money import Money, parse
from connector.domain.number_plans import calling_code

FOR_GOOD = date.min


class Price(Struct, frozen=True):
    """The price of one segment, from a day on until another one holds."""

    since: date
    money: Money


class Prices(Struct, frozen=True):
    """The prices of a line, each the latest first."""

    sent: tuple[Price, ...] = ()
    received: tuple[Price, ...] = ()
    abroad: Mapping[str, tuple[Price, ...]] = {}  # of what is sent, by calling code, where it differs

    def of_sent(self, country: str, day: date) -> Money | None:
        """`country`: a calling code. None: there is no price for it."""
        return _on(self.abroad.get(country, self.sent), day)

    def of_received(self, day: date) -> Money | None:
        return _on(self.received, day)

    def changes(self) -> set[date]:
        """The days on which another price holds than the day before."""
        listed: Iterable[tuple[Price, ...]] = (self.sent, self.received, *self.abroad.values())
        return {price.since for prices in listed for price in prices} - {FOR_GOOD}


def _on(prices: tuple[Price, ...], day: date) -> Money | None:
    return next((price.money for price in prices if price.since <= day), None)


def read_prices(written: str | Mapping[str, str]) -> tuple[Price, ...]:
    """One price, or each from the day of its key on. Raises ValueError."""
    if isinstance(written, str):
        return (Price(FOR_GOOD, _money(written)),)
    found = []
    for day, price in written.items():
        try:
            since = date.fromisoformat(day)
        except ValueError:
            raise ValueError(f'"{day}" is not a day; expected one like 2026-12-01') from None
        found.append(Price(since, _money(price)))
    return tuple(sorted(found, key=lambda price: price.since, reverse=True))


def _money(text: str) -> Money:
    found = parse(text)
    if found is None:
        raise ValueError(f'"{text[:40]}" is not a price; expected one like 0.0079 USD, with at most nine decimals')
    return found


def read_code(written: str) -> str:
    """The calling code of `+49`. Raises ValueError."""
    digits = written.removeprefix("+")
    if not (written.startswith("+") and digits.isascii() and digits.isdigit() and calling_code(digits) == digits):
        raise ValueError(f'"{written[:40]}" is not a calling code; expected one like +49')
    return digits
