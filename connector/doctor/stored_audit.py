"""Verifying the audit in a data directory on which no core runs, such as a copy, without changing anything in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from connector.console.as_user import demand_owner
from connector.console.failure import CommandFailed
from connector.doctor.checks.audit import stored_key
from connector.domain.pseudonyms import Pseudonyms
from connector.services.audit.questions import verified
from connector.store.migrations.shapes import HEAD
from connector.store.ports import StoreUnavailable
from connector.store.sql import schema
from connector.store.sql.engines import read_only_engine
from connector.store.sql.errors import why_unavailable
from connector.store.sql.reading import SqlReading
from connector.store.sql.session import SqlSession
from connector.store.sql.sqlite_file import refuse_remains
from connector.store.sql.statements import CompiledStatements
from connector.wire import administration, answers


@contextmanager
def opened(data: Path) -> Iterator[Callable[[administration.VerifyAudit], answers.AuditVerified]]:
    """What answers as a core on this directory would. Raises CommandFailed."""
    path = data / "textdesk.db"
    demand_owner([data])
    key = stored_key(data)
    if key is None:
        words = f"{data / 'hash.key'} is missing, damaged, or cannot be read: without the key nothing can be verified."
        raise CommandFailed(f"{words} Where [core] hash_key is the key, verify with a running core.", os.EX_IOERR)
    pseudonyms = Pseudonyms(key)
    try:
        refuse_remains(path)
        engine = read_only_engine(path, is_in_use=False)
    except StoreUnavailable as error:
        raise CommandFailed(str(error), os.EX_IOERR) from None
    try:
        with engine.connect() as connection:
            if (found := schema.revision(connection)) != HEAD:
                words = (
                    f"{path} has the tables of revision {found or 'none'}, and this version verifies those of {HEAD}."
                )
                raise CommandFailed(words, os.EX_IOERR)
            reading = SqlReading(SqlSession(connection, CompiledStatements.of(connection.dialect)))
            yield lambda question: verified(reading, pseudonyms, question)
    except SQLAlchemyError as error:
        why = why_unavailable(error) or str(getattr(error, "orig", error)).partition("\n")[0]
        raise CommandFailed(f"{path}: {why}", os.EX_IOERR) from None
    finally:
        engine.dispose()
