"""Stores of so many messages, filled once: SQLite in a file that stays, PostgreSQL in a server's folder that does."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Table, insert

from connector.store.sql.engines import engines_for
from connector.store.sql.tables.conversations import conversations
from connector.store.sql.tables.messages import messages
from tests.bench.search.texts import bundles
from tests.kit.postgres import Postgres
from tests.kit.templates import copied, migrate

ENGINES = ("sqlite", "postgresql")
_AT_ONCE = 2000  # conversations


def place(engine: str, folder: Path, count: int, server: Postgres) -> str | Path:
    """Where the store is, with the tables of this version."""
    if engine == "sqlite":
        where: str | Path = folder / f"{count}.db"
        if not Path(where).exists():
            new = folder / "filling.db"
            new.unlink(missing_ok=True)
            _fill(copied(new), count)
            new.rename(where)
    else:
        name = f"search_{count}"
        where = server.url(name)
        with server.admin() as admin:
            if admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                admin.execute("DROP DATABASE IF EXISTS filling")
                admin.execute("CREATE DATABASE filling")
                migrate(server.url("filling"))
                _fill(server.url("filling"), count)
                admin.execute(f"ALTER DATABASE filling RENAME TO {name}".encode())
    migrate(where)
    return where


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
