"""What this core has recorded of late in the audit, so that scrolling through a consumer's past writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.audit import AuditNote
from connector.services.audit.record import HOUR_MS, encoded

_MOST = 10_000
_Read = tuple[str, str, str, str]


class RecordedReads:
    """A cache: the audit itself decides what is recorded, here or by another core."""

    def __init__(self) -> None:
        self._hours: dict[_Read, int] = {}

    def without_known(self, agent: str, notes: Sequence[AuditNote], now: int) -> list[AuditNote]:
        hour = now // HOUR_MS
        return [note for note in notes if not note.is_hourly or self._hours.get(_read(agent, note)) != hour]

    def recorded(self, agent: str, notes: Sequence[AuditNote], now: int) -> None:
        if len(self._hours) >= _MOST:
            self._hours.clear()
        self._hours |= {_read(agent, note): now // HOUR_MS for note in notes}


def _read(agent: str, note: AuditNote) -> _Read:
    return agent, note.action, note.person, encoded(note.details)
