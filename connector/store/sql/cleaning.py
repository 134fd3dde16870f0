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
_ENDINGS = ("", "-wal", "-journal")


def clean(engines: Engines, *, rewrite: bool) -> None:
    """SQLite: empty the write-ahead log. PostgreSQL: VACUUM, so that the space of deleted rows is used again.

    `rewrite`: VACUUM, or VACUUM FULL: no deleted byte is left, and nothing can be written meanwhile. Raises
    StoreUnavailable.
    """
    try:
        with _connection(engines.writing) as connection:
            if engines.is_shared:
                _vacuum(connection, "VACUUM (FULL)" if rewrite else "VACUUM")
            else:
                if rewrite:
                    connection.execute("VACUUM")
                _empty_log(connection)
    except engines.writing.dialect.loaded_dbapi.Error as error:
        wrapped = DBAPIError("", None, error)
        raise StoreUnavailable(why_unavailable(wrapped) or str(error)) from error


def files(engines: Engines) -> list[Path]:
    """The files that hold the rows, as far as this process can read them.

    Of a PostgreSQL server only if it runs here, as the same user.
    """
    if engines.file is not None:
        return [path for path in (Path(f"{engines.file.path}{ending}") for ending in _ENDINGS) if path.exists()]
    with contextlib.suppress(engines.writing.dialect.loaded_dbapi.Error), _connection(engines.writing) as connection:
        return _of_server(connection)
    return []


@contextlib.contextmanager
def _connection(engine: Engine) -> Iterator[Any]:
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


def _empty_log(connection: Any) -> None:
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
