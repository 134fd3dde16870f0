"""Time zones by their names, as this machine knows them."""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache


@lru_cache(64)
def zone_of(name: str) -> tzinfo | None:
    """None, which is the machine's own, for an empty name and for one that is not known here."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # needed once a saved reply is looked at

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
