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
            details=msgspec.json.encode(details or {}, order="sorted").decode(),
        )
    )


def record_notes(uow: UnitOfWork, actor: str, notes: Iterable[AuditNote]) -> None:
    """Record what an answer is about to show. Of reads of one consumer's past there is one entry for each agent and
    hour."""
    for note in notes:
        if note.action is not AuditAction.PAST_READ or not _is_recorded(uow, actor, note):
            record(uow, actor, note.action, subject=note.subject, person=note.person, details=note.details)


def _is_recorded(uow: UnitOfWork, actor: str, note: AuditNote) -> bool:
    since = uow.now - uow.now % HOUR_MS
    found = uow.tx.audit.latest_about(uow.brand.pseudonyms.of(note.person), _LOOKED_AT)
    return any(one.actor == actor and one.action is note.action and one.at >= since for one in found)
