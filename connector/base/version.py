"""Which Textdesk this is."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """As it is installed; blank when it runs from files that nobody has installed."""
    try:
        return metadata.version("textdesk")
    except metadata.PackageNotFoundError:
        return ""
