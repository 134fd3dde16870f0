"""Stores of so many messages, filled once: SQLite in a file that stays, PostgreSQL in a database of this run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Table, insert

from connector.store.sql.engines import engines_for
from connector.store.sql.tables.conversations import conversations
from connector.store.sql.tables.messages import messages
from tests.bench.search.texts import bundles
from tests.kit.postgres import Postgres
from tests.kit.templates import copied

ENGINES = ("sqlite", "postgresql")
_AT_ONCE = 2000  # conversations


@contextmanager
def place(engine: str, folder: Path, count: int, server: Postgres) -> Iterator[str | Path]:
    if engine == "sqlite":
        path = folder / f"{count}.db"
        if not path.exists():
            copied(path)
            _fill(path, count)
        yield path
        return
    with server.migrated() as name:
        url = server.url(name)
        _fill(url, count)
        yield url


def _fill(where: str | Path, count: int) -> None:
    engines = engines_for(where, 1)
    waiting = bundles(count)
    while some := list(itertools.islice(waiting, _AT_ONCE)):
        with engines.writing.begin() as connection:
            _insert(connection, conversations, [asdict(one.conversation) for one in some])
            _insert(connection, messages, [asdict(message) for one in some for message in one.messages])
    with engines.writing.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engines.dispose()


def _insert(connection: Any, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
