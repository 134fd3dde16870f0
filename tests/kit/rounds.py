"""How many examples a property is tried on: all in the full profile, a quarter of them by default."""

from __future__ import annotations

from hypothesis import settings

SHARES = {"full": 1, "quick": 4}  # one example in so many


def load_profile() -> None:
    """The quick one; `pytest --hypothesis-profile=full` overrules it.

    An example may take any time: the machine may be busy.
    """
    for name, share in SHARES.items():
        settings.register_profile(name, max_examples=100 // share, deadline=None)
    settings.load_profile("quick")


def rounds(full: int) -> int:
    """For a property that needs a number of its own."""
    return max(2, full // SHARES[settings.get_current_profile_name()])
