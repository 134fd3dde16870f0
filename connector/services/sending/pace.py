"""When replies may leave: the pace of each line, and pauses of whole accounts. All cores share both."""

from __future__ import annotations

from connector.domain.message import Message
from connector.services.unit_of_work import UnitOfWork
from connector.store.marks import MarkKey

_WAKE_LATE_MS = 200


class LinePace:
    """When each of several sends may leave, so that a line keeps its pace, counted in segments.

    What is sent now is reserved for good; what has to wait is given a moment near its turn and asks again then.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._free_at: dict[str, int] = {}
        self._reserved: dict[str, int] = {}

    def take(self, message: Message) -> int:
        """The moment this message may leave: now, or when to ask again."""
        now = self._uow.now
        line = self._uow.brand.lines.get(message.line)
        if line is None:
            return now
        free_at = self._free_at.get(message.line)
        if free_at is None:
            free_at = self._uow.tx.marks.get(MarkKey.paced_until(message.line)) or 0
        cost_ms = round(message.segments / line.segments_per_s * 1000)
        if free_at < now - _WAKE_LATE_MS:
            free_at = now  # idle time is not saved up; only a late wake-up is made good
        self._free_at[message.line] = free_at + cost_ms
        if free_at <= now:
            self._reserved[message.line] = self._free_at[message.line]
        return max(free_at, now)

    def save(self) -> None:
        for line, free_at in self._reserved.items():
            self._uow.tx.marks.set(MarkKey.paced_until(line), free_at)


class AccountPauses:
    """Until when accounts send nothing because their provider had too many requests at once."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._marks = uow.tx.marks
        self._until: dict[str, int] = {}

    def until(self, account: str) -> int:
        if account not in self._until:
            self._until[account] = self._marks.get(MarkKey.paused_until(account)) or 0
        return self._until[account]

    def begin(self, account: str, until: int) -> None:
        """A pause is never shortened."""
        if until > self.until(account):
            self._marks.set(MarkKey.paused_until(account), until)
