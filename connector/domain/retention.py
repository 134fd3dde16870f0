"""How long what consumers wrote is stored."""

from __future__ import annotations

from msgspec import Struct

_FEWEST_DAYS = 7  # until then there are events, receipts and look-ups of a message
_MOST_HOOK_DAYS = 14
_AGE_TOLERANCE = 10  # one tenth
_DAY_MS = 24 * 3_600_000


class Retention(Struct, frozen=True, forbid_unknown_fields=True):
    """In days; 0: for good. None: as in general (see GENERAL)."""

    messages_days: int | None = None  # after their conversation was closed
    pictures_days: int | None = None  # after they came
    hooks_days: int | None = None  # as they came from the provider

    def __post_init__(self) -> None:
        for name in ("messages_days", "pictures_days"):
            days = getattr(self, name)
            if (days and days < _FEWEST_DAYS) or (days or 0) < 0:
                raise ValueError(f"{name} is {_FEWEST_DAYS} at least, or 0: for good")
        if self.hooks_days is not None and not 1 <= self.hooks_days <= _MOST_HOOK_DAYS:
            raise ValueError(f"hooks_days is 1 to {_MOST_HOOK_DAYS}")

    def over(self, general: Retention) -> Retention:
        """What holds for an account with this of its own."""
        return Retention(
            general.messages_days if self.messages_days is None else self.messages_days,
            general.pictures_days if self.pictures_days is None else self.pictures_days,
            general.hooks_days if self.hooks_days is None else self.hooks_days,
        )

    def words(self, oldest_at: int, now: int) -> str:
        """Why a consumer's history begins with a message as old as this one, for agents; blank when its age is not why.

        What was erased leaves no trace, so only the age says that there may have been more.
        """
        days = self.messages_days
        if not days or oldest_at > before(now, days - days // _AGE_TOLERANCE):
            return ""
        return f"Messages are erased {days} days after a conversation's end."


GENERAL = Retention(messages_days=0, pictures_days=0, hooks_days=_MOST_HOOK_DAYS)


def before(now: int, days: int) -> int:
    """The moment so many days ago."""
    return now - days * _DAY_MS
