"""Recording an entry of the audit, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from connector.domain.audit import AuditAction, entry_after
from connector.services.unit_of_work import UnitOfWork


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
