"""Our lines, as use cases need to know them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class LineSettings(Struct, frozen=True):
    """One of our numbers: where it belongs, and what its provider allows."""

    address: str
    account: str
    skill: str
    public_url: str  # where the provider reaches us
    segments_per_s: float
    is_polled: bool  # the provider can be asked how a reply fares
    most_pictures: int  # in one reply
    cannot_answer: Callable[[str], str | None]  # why nothing can be sent to this consumer, in words
    follow_up_skill: str | None = None  # of conversations that an agent begins; None: the line's
