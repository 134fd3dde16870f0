"""How far one question looks, and what it has found so far."""

from __future__ import annotations

from msgspec import Struct

from connector.domain.refusals import Refused
from connector.wire.refusals import RefusalCode
from connector.wire.views import HitView

MOST_LOOKED_AT = 2000  # candidates of one question
FIRST_CHUNK = 64
FIRST_TAGGED = 512  # where tags are asked for: few conversations have them, and the database tells which


class FoundSoFar(Struct):
    """Hits so far, and where to go on."""

    hits: list[HitView]
    more: str = ""
    looked_back_to: int | None = None


def position(before: str, latest: int) -> int:
    """The number below which a page begins. Raises Refused."""
    if not before:
        return latest + 1
    if not before.isdecimal() or not before.isascii():
        raise Refused(RefusalCode.BAD_REQUEST, "`before` is the `more` of the answer before, and this is none.")
    return min(int(before), latest + 1)
