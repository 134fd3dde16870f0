"""Getting deleted bytes out of a database's files, and which files these are. All of it blocks."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from connector.store.ports import StoreUnavailable
from connector.store.sql.engines import Engines
from connector.store.sql.errors import why_unavailable
from connector.store.sql.tables.base import metadata

_TRIES = 50  # to empty the log, which waits for readers
_PAUSE_S = 0.1


def clean(engines: Engines, *, rewrite: bool) -> None:
    """SQLite: empty the write-ahead log. PostgreSQL: VACUUM, so that the space of deleted rows is used again.

    `rewrite`: VACUUM, or VACUUM FULL: no deleted byte is left, and nothing can be written meanwhile. Raises
    StoreUnavailable.
    """
    try:
        with connection(engines.writing) as driver:
            if engines.is_shared:
                _vacuum(driver, "VACUUM (FULL)" if rewrite else "VACUUM")
            else:
                if rewrite:
                    driver.execute("VACUUM")
                empty_log(driver)
    except engines.writing.dialect.loaded_dbapi.Error as error:
        wrapped = DBAPIError("", None, error)
        raise StoreUnavailable(why_unavailable(wrapped) or str(error)) from error


def files_of_server(engines: Engines) -> list[Path]:
    """The files of a PostgreSQL server that hold the rows, if it runs here, as the same user."""
    with contextlib.suppress(engines.writing.dialect.loaded_dbapi.Error), connection(engines.writing) as driver:
        return _of_server(driver)
    return []


@contextlib.contextmanager
def connection(engine: Engine) -> Iterator[Any]:
    """A connection of the driver's own, outside any transaction."""
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.detach()
    try:
        if engine.dialect.name == "postgresql":
            driver.rollback()
            driver.autocommit = True
        yield driver
    finally:
        driver.close()


def empty_log(connection: Any) -> None:
    """Copy SQLite's log into the database, and cut it to nothing. Raises StoreUnavailable where others read all the
    time."""
    for _ in range(_TRIES):
        ((is_busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if not is_busy:
            return
        time.sleep(_PAUSE_S)
    raise StoreUnavailable("The database's log could not be emptied, as something reads it all the time; try again.")


def _vacuum(connection: Any, command: str) -> None:
    for table in metadata.sorted_tables:
        if table.name != "audit":  # nothing is ever deleted there
            connection.execute(f'{command} "{table.name}"')


def _of_server(connection: Any) -> list[Path]:
    ((folder,),) = connection.execute("SHOW data_directory").fetchall()
    connection.execute("CHECKPOINT")
    names = connection.execute(
        "SELECT pg_relation_filepath(c.oid) FROM pg_class AS c LEFT JOIN pg_class AS t ON t.reltoastrelid = c.oid "
        "LEFT JOIN pg_index AS i ON i.indexrelid = c.oid LEFT JOIN pg_class AS o ON o.reltoastrelid = i.indrelid "
        "WHERE c.relkind IN ('r', 'i', 't') AND "
        "(c.relnamespace = current_schema()::regnamespace OR t.relnamespace = current_schema()::regnamespace "
        "OR o.relnamespace = current_schema()::regnamespace)"
    ).fetchall()
    found = []
    for (name,) in names:
        path = Path(folder, name)
        segments = sorted(path.parent.glob(f"{path.name}.*"))
        found += [one for one in (path, *segments) if _is_readable(one)]
    return found


def _is_readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False
