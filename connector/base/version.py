"""Version of the installed Textdesk."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """The installed version; empty when run from files that are not installed."""
    try:
        return metadata.version("textdesk")
    except metadata.PackageNotFoundError:
        return ""
