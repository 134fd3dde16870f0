"""How many examples a property is tried on: all in the full profile, a quarter of them by default."""

from __future__ import annotations

import os

from hypothesis import settings

QUICK = 4


def load_profile() -> None:
    """The full one in CI, the quick one elsewhere; `pytest --hypothesis-profile=full` overrules it.

    An example may take any time: the machine may be busy.
    """
    settings.register_profile("full", max_examples=100, deadline=None)
    settings.register_profile("quick", max_examples=100 // QUICK, deadline=None)
    settings.load_profile("full" if os.environ.get("CI") else "quick")


def rounds(full: int) -> int:
    """For a property that needs a number of its own."""
    return full if settings.get_current_profile_name() == "full" else max(2, full // QUICK)
