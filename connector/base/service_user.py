"""The OS user that a core belongs to, when root runs a command that looks at the core or changes its files."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable
from pathlib import Path


def other_owner(places: Iterable[Path | None]) -> tuple[Path, str] | None:
    """As root: the first of these places that another user of this host owns, and that user's name. Places that are
    missing, or whose owner has no account here, are passed over. None unless we are root."""
    if os.geteuid() != 0:
        return None
    for place in places:
        try:
            uid = place.stat().st_uid if place is not None else 0
            if uid != 0 and place is not None:
                return place, pwd.getpwuid(uid).pw_name
        except (OSError, KeyError):
            continue
    return None
