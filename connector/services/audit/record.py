"""Recording an entry of the audit, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from connector.domain.audit import AuditAction, AuditNote, entry_after
from connector.services.unit_of_work import UnitOfWork

HOUR_MS = 3_600_000
_LOOKED_AT = 100  # of the latest entries about a consumer


def record(
    uow: UnitOfWork,
    actor: str,
    action: AuditAction,
    *,
    subject: str = "",
    person: str = "",
    details: Mapping[str, str | int | list[str]] | None = None,
) -> None:
    """Append an entry. `person` is the identity of a consumer, stored as a keyed hash; `details` hold no text and no
    number of a consumer."""
    pseudonyms = uow.brand.pseudonyms
    uow.tx.audit.append(
        entry_after(
            uow.tx.audit.latest(),
            pseudonyms,
            at=uow.now,
            actor=actor,
            action=action,
            subject=subject,
            person=pseudonyms.of(person) if person else "",
            details=encoded(details or {}),
        )
    )


def record_notes(uow: UnitOfWork, actor: str, notes: Iterable[AuditNote]) -> None:
    """Record what an answer is about to show."""
    for note in notes:
        if not (note.is_hourly and _is_recorded(uow, actor, note)):
            record(uow, actor, note.action, subject=note.subject, person=note.person, details=note.details)


def _is_recorded(uow: UnitOfWork, actor: str, note: AuditNote) -> bool:
    """Whether there is such an entry of this hour, not far back: another one would be no harm."""
    since = uow.now - uow.now % HOUR_MS
    person = uow.brand.pseudonyms.of(note.person) if note.person else ""
    details = encoded(note.details)
    return any(
        (one.actor, one.action, one.details) == (actor, note.action, details) and one.at >= since
        for one in uow.tx.audit.latest_about(person, _LOOKED_AT)
    )


def encoded(details: Mapping[str, str | int | list[str]]) -> str:
    return msgspec.json.encode(details, order="sorted").decode()
