"""How many examples a property is tried on: all in the full profile, half of them in CI, a quarter by default."""

from __future__ import annotations

import os

from hypothesis import settings

SHARES = {"full": 1, "ci": 2, "quick": 4}  # one example in so many


def load_profile() -> None:
    """The one of CI there, the quick one elsewhere; `pytest --hypothesis-profile=full` overrules it.

    An example may take any time: the machine may be busy.
    """
    for name, share in SHARES.items():
        settings.register_profile(name, max_examples=100 // share, deadline=None)
    settings.load_profile("ci" if os.environ.get("CI") else "quick")


def rounds(full: int) -> int:
    """For a property that needs a number of its own."""
    return max(2, full // SHARES[settings.get_current_profile_name()])
