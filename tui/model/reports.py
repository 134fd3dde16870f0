"""Which report an agent looks at, and what the core has answered."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.wire import requests

BY = ("agent", "skill", "line", "outcome", "entry_point", "day")
SPANS = (1, 7, 30)  # days, today among them
_DAY_MS = 86_400_000


class ReportChoice(Struct, frozen=True):
    """What is chosen. `only`: of one of these, by what it is: its key, and its name for people."""

    days: int = SPANS[0]
    by: str = BY[0]
    only: Mapping[str, tuple[str, str]] = {}

    @property
    def over_time(self) -> str:
        """What the plots are by: a day has hours, several have days."""
        return "hour" if self.days == 1 else "day"

    def question(self, by: str, now: int) -> requests.GetReport:
        only = {name: key for name, (key, _) in self.only.items()}
        return requests.GetReport(now - (self.days - 1) * _DAY_MS, by, only=only)

    def key(self, by: str) -> str:
        """What its answer is known by."""
        return _key(by, self.days, {name: key for name, (key, _) in self.only.items()})


def key_of(question: requests.GetReport, asked_at: int) -> str:
    """What the answer to a question is known by, which was asked at this time of the core."""
    return _key(question.by, (asked_at - question.since) // _DAY_MS + 1, question.only)


def _key(by: str, days: int, only: Mapping[str, str]) -> str:
    return " ".join((by, str(days), *(f"{name}={only[name]}" for name in sorted(only))))
