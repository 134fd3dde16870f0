"""The audit in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, desc, insert, select

from connector.domain.audit import AuditEntry
from connector.store.sql.session import WriteSession
from connector.store.sql.statements import structs
from connector.store.sql.tables.audit import audit

_APPEND = insert(audit)
LATEST = structs(AuditEntry, select(audit).order_by(desc(audit.c.number)).limit(1))
AFTER = structs(
    AuditEntry,
    select(audit).where(audit.c.number > bindparam("after")).order_by(audit.c.number).limit(bindparam("limit")),
)


class SqlAudit:
    def __init__(self, session: WriteSession) -> None:
        self._session = session

    def latest(self) -> AuditEntry | None:
        return self._session.first(LATEST, {})

    def append(self, entry: AuditEntry) -> None:
        self._session.execute(_APPEND, entry)
