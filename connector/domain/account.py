"""Lines of provider accounts, and the modes of an account."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from connector.domain.conversation import TEXT_IN


class Line(Struct, frozen=True):
    """One of our numbers or short codes: where it belongs and who answers it."""

    address: str
    account: str
    skill: str
    entry_point: str = TEXT_IN  # how its consumers come to know it


class AccountMode(StrEnum):
    ACTIVE = "active"
    DRAINING = "draining"  # what is written is sent, nothing more is taken
    OFF = "off"  # nothing is sent; what comes in is kept all the same
