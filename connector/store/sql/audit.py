"""The audit in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, bindparam, desc, insert, select, type_coerce
from sqlalchemy.dialects import sqlite

from connector.domain.audit import AuditAction, AuditEntry, StoredEntry
from connector.store.sql.columns import ExternalText
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import structs, tuples
from connector.store.sql.tables.audit import audit

_APPEND = insert(audit)
_BEFORE = (
    select(audit).where(audit.c.number < bindparam("before")).order_by(desc(audit.c.number)).limit(bindparam("limit"))
)
_LATEST = structs(AuditEntry, select(audit).order_by(desc(audit.c.number)).limit(1))
BEFORE = structs(AuditEntry, _BEFORE)
BY_ACTOR = structs(AuditEntry, _BEFORE.where(audit.c.actor == bindparam("actor")))
ABOUT = structs(AuditEntry, _BEFORE.where(audit.c.person == bindparam("person")))
_LATEST_ABOUT = structs(
    AuditEntry,
    select(audit).where(audit.c.person == bindparam("person")).order_by(desc(audit.c.number)).limit(bindparam("limit")),
)
_TEXTS = (audit.c.actor, audit.c.action, audit.c.subject, audit.c.person, audit.c.details, audit.c.hash)
# As the rows are, without the conversions of the columns, which could make one value of two that differ.
STORED = tuples(
    select(audit.c.number, audit.c.at, *(type_coerce(column, Text).label(f"raw_{column.name}") for column in _TEXTS))
    .where(audit.c.number > bindparam("after"))
    .order_by(audit.c.number)
    .limit(bindparam("limit"))
)
_DIALECT = sqlite.dialect()
_EXTERNAL = ExternalText()


def stored_entry(number: int, at: Any, *texts: Any) -> StoredEntry:
    """The entry that a row was stored with, if it can have been."""
    if not isinstance(at, int) or not all(isinstance(text, str) for text in texts):
        return StoredEntry(number, None)
    actor, action, subject, person, details, hash_ = texts
    try:
        known = AuditAction(action)
        entry = AuditEntry(number, at, actor, known, _read(subject), person, _read(details), hash_)
        rewritten = (actor, action, _written(entry.subject), person, _written(entry.details), hash_)
    except (ValueError, OverflowError):
        return StoredEntry(number, None)
    return StoredEntry(number, entry if rewritten == texts else None)


def _read(text: str) -> str:
    return _EXTERNAL.process_result_value(text, _DIALECT) or ""


def _written(text: str) -> str:
    return _EXTERNAL.process_bind_param(text, _DIALECT) or ""


class SqlAudit:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def latest(self) -> AuditEntry | None:
        return self._session.first(_LATEST, {})

    def latest_about(self, person: str, limit: int) -> list[AuditEntry]:
        return self._session.all(_LATEST_ABOUT, {"person": person, "limit": limit})

    def append(self, entry: AuditEntry) -> None:
        self._session.execute(_APPEND, entry)
