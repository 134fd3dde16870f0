"""Refusing root what the user of a core has to do, with the command that does it as that user."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from connector.base import service_user
from connector.console.failure import CommandFailed


def demand_owner(places: Iterable[Path | None]) -> None:
    """Raises CommandFailed where one of these places belongs to another user and we are root."""
    if (found := service_user.other_owner(places)) is None:
        return
    place, user = found
    command = shlex.join(["sudo", "-u", user, "textdesk", *sys.argv[1:]])
    raise CommandFailed(f"{place} belongs to {user}: run this as {user}, not as root: {command}", os.EX_NOPERM)
