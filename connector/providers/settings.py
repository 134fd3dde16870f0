"""What the configuration has for every account: `[accounts.NAME]` and its `numbers`."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from connector.base.secret import Secret
from connector.domain.account import Line
from connector.domain.address import home_of
from connector.domain.prices import Price, Prices, read_code, read_prices
from connector.domain.retention import Retention
from connector.providers.public_url import check_encrypted, check_url, hook_url

DEFAULT_SKILL = "general"


WrittenPrice = str | dict[str, str]
"""Of a segment, like "0.0079 USD"; or each from its day on, like { "2026-01-01" = "0.0079 USD" }."""


class PriceSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a segment costs; of a number where it differs from its account."""

    price: WrittenPrice | None = None  # sent
    price_in: WrittenPrice | None = None  # received
    price_abroad: dict[str, WrittenPrice] | None = None  # sent, by calling code like "+49", where it differs

    def __post_init__(self) -> None:
        self.prices(self)

    def prices(self, usual: PriceSettings) -> Prices:
        """Raises ValueError. `usual`: where nothing is said here."""
        abroad = self.price_abroad if self.price_abroad is not None else usual.price_abroad
        return Prices(
            _read("price", self.price if self.price is not None else usual.price),
            _read("price_in", self.price_in if self.price_in is not None else usual.price_in),
            {_code(code): _read("price_abroad", price) for code, price in (abroad or {}).items()},
        )


def _read(key: str, written: WrittenPrice | None) -> tuple[Price, ...]:
    try:
        return () if written is None else read_prices(written)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _code(written: str) -> str:
    try:
        return read_code(written)
    except ValueError as error:
        raise ValueError(f"price_abroad: {error}") from None


class NumberSettings(PriceSettings, frozen=True, forbid_unknown_fields=True):
    """One of our numbers: `address` as E.164, a short code or a sender name, and the skill that answers it."""

    address: str
    skill: str = DEFAULT_SKILL
    entry_point: str = "text_in"  # how consumers come to know it, e.g. the name of the poster it is printed on
    skills: dict[str, str] = {}  # by entry point, where that decides, e.g. { follow_up = "aftercare" }
    # Decides the pace; None: the kind the address shows, which says nothing of a US 10DLC campaign.
    kind: Literal["long_code", "10dlc", "toll_free", "short_code"] | None = None
    segments_per_s: float | None = None  # a pace of its own; for 10dlc its campaign's, or its share of that

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.segments_per_s is not None and not 0 < self.segments_per_s < float("inf"):
            raise ValueError("segments_per_s must be more than 0: leave it out for the usual pace of such a number")
        if self.kind == "10dlc" and self.segments_per_s is None:
            raise ValueError(
                "a 10dlc number has the pace of its campaign: set segments_per_s, to 1 while you do not know it"
            )


class AccountSettings(PriceSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every `[accounts.NAME]` section has. A provider's settings extend it and name their tag.

    Keys that end in `_url` or `_base` are checked as addresses, those of providers for encryption, and no secret may be
    blank.
    """

    # Keys of secrets that administrators make up and hooks are checked against, not of those that a vendor gives.
    made_up_secrets: ClassVar[frozenset[str]] = frozenset()

    public_url: str  # where the provider reaches our hooks, e.g. https://sms.example.com
    numbers: list[NumberSettings]
    retention: Retention = Retention()  # where it differs from `[retention]`
    signatures: Literal["enforce", "watch"] = "enforce"  # watch: hooks that are not genuine are taken, and counted

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Secret) and not value.reveal():
                raise ValueError(f"{name} is blank: give the secret, or leave the line out")
            if isinstance(value, str) and name.endswith(("_url", "_base")):
                check_url(name, value)
                if name != "public_url":
                    check_encrypted(name, value)

    @property
    def provider(self) -> str:
        """The name of the provider in the configuration and in the addresses of its hooks."""
        return str(self.__struct_config__.tag)

    def lines(self, account: str) -> list[Line]:
        return [
            Line(
                address=number.address,
                account=account,
                skill=number.skills.get(number.entry_point, number.skill),
                entry_point=number.entry_point,
                home=home_of(number.address, [one.address for one in self.numbers]),
            )
            for number in self.numbers
        ]

    def hook_url(self, account: str, kind: str) -> str:
        return hook_url(self.public_url, self.provider, account, kind)
