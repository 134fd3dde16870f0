"""Databases that are migrated already: a copy costs a fraction of what the migrations do."""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import psycopg

from connector.store.sql import schema
from connector.store.sql.engines import engines_for

_NAME = "UPDATE stream SET name = '{}'"  # each database has one of its own


def migrate(where: str | Path) -> None:
    engines = engines_for(where, 1)
    try:
        schema.migrate(engines.writing)
    finally:
        engines.dispose()


@cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "textdesk.db")
        migrate(path)
        return path.read_bytes()


def copied(path: Path) -> Path:
    """The same path, with an empty database of this version in it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_sqlite())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(_NAME.format(secrets.token_hex(8)))
    return path


def renamed(connection: psycopg.Connection) -> None:
    """Give a copied PostgreSQL database a name of its own."""
    connection.execute(_NAME.format(secrets.token_hex(8)).encode())
