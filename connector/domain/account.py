"""Lines of provider accounts, and the modes of an account."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.address import region_of
from connector.domain.conversation import TEXT_IN


class Line(Struct, frozen=True):
    """One of our addresses, with its account and the skill that answers it."""

    address: str
    account: str
    skill: str
    entry_point: str = TEXT_IN  # how its consumers learn of it
    home: str = ""  # one of our numbers in its country, where it has none in its own address; see `address.home_of`

    @property
    def region(self) -> str | None:
        """Its country (ISO 3166), in which numbers without a country code are read and written; None: unknown."""
        return region_of(self.home or self.address)


class AccountMode(StrEnum):
    ACTIVE = "active"
    DRAINING = "draining"  # sends replies already written, accepts no new ones
    OFF = "off"  # sends nothing; inbound messages are still stored
