"""Migrating a database to the tables of this version."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text

import connector.store.migrations
from connector.store.migrations.shapes import HEAD
from connector.store.ports import StoreUnavailable
from connector.store.sql import identify, sqlite_file
from connector.store.sql.tables.facts import stream

_log = logging.getLogger(__name__)
_LOCK = 0x7E47DE5C  # any number, the same for every core


def migrate(engine: Engine) -> str:
    """Make or migrate the tables, and return the store's name. Cores that start together migrate once.

    Raises StoreUnavailable, and changes nothing, when the database is not empty and not one of ours.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    if is_sqlite and engine.url.database is not None:
        path = Path(engine.url.database)
        sqlite_file.refuse_remains(path)  # before anything opens it: SQLite removes the log of an empty file
        _refuse_newer(sqlite_file.revision(path))
        sqlite_file.create(path)
    with engine.begin() as connection:
        if not is_sqlite:
            _check_encoding(connection)
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = revision(connection)
        _refuse_newer(found)
        if found != HEAD:
            if found is not None:
                words = "upgrading the database from revision %s to %s: at most some seconds for each 100,000 messages"
                _log.warning(words, found, HEAD)
                # Some builds have written another one beside these tables.
                connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
            upgrade(connection)
        name: str = connection.execute(select(stream.c.name)).scalar_one()
        return name


def revision(connection: Connection) -> str | None:
    """See `identify.revision`."""
    return identify.revision(lambda sql: connection.exec_driver_sql(sql).all(), connection.dialect.name)


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run the missing migrations within the connection's transaction."""
    from alembic import command  # takes a sixth of a second to load, and few starts need it
    from alembic.config import Config

    (folder,) = connector.store.migrations.__path__
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > HEAD:
        raise StoreUnavailable(
            f"The database was made by a newer Textdesk (revision {found}, this one knows {HEAD}); update this one."
        )


def _check_encoding(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreUnavailable(f"The database stores text as {encoding}; create one with ENCODING 'UTF8'.")


def missing_audit_triggers(connection: Connection) -> list[str]:
    """The triggers that keep entries of the audit as they are, and that are not there any more."""
    if connection.dialect.name == "sqlite":
        wanted = ["audit_no_delete", "audit_no_replace", "audit_no_update"]
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    else:
        wanted = ["audit_stays"]
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND tgenabled IN ('O', 'A')"
    there = {name for (name,) in connection.exec_driver_sql(query)}
    return [name for name in wanted if name not in there]
