"""Reads of consumers' pasts that this core has recorded lately, so that scrolling through one writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain.audit import AuditAction, AuditNote
from connector.services.audit.record import HOUR_MS

_MOST = 10_000


class RecordedReads:
    """A cache: the audit itself decides what is recorded, here or by another core."""

    def __init__(self) -> None:
        self._hours: dict[tuple[str, str], int] = {}  # by agent and person

    def without_known(self, agent: str, notes: Sequence[AuditNote], now: int) -> list[AuditNote]:
        hour = now // HOUR_MS
        return [note for note in notes if not _is_read(note) or self._hours.get((agent, note.person)) != hour]

    def recorded(self, agent: str, notes: Sequence[AuditNote], now: int) -> None:
        if len(self._hours) >= _MOST:
            self._hours.clear()
        self._hours |= {(agent, note.person): now // HOUR_MS for note in notes if _is_read(note)}


def _is_read(note: AuditNote) -> bool:
    return note.action is AuditAction.PAST_READ
