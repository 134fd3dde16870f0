"""Bringing a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from connector.store.ports import StoreUnavailable
from connector.store.sql.tables import stream

HEAD = "0002"  # the newest revision in migrations/versions
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LOCK = 0x7E47DE5C  # any number, the same for every core


def migrate(engine: Engine) -> str:
    """Make or migrate the tables, and return the store's name. Cores that start together migrate once."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            _check_encoding(connection)
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        found = _revision(connection)
        if found is not None and found > HEAD:
            raise StoreUnavailable(
                f"The database was made by a newer Textdesk (revision {found}, this one knows {HEAD}); update this one."
            )
        if found != HEAD:
            upgrade(connection)
        name: str = connection.execute(select(stream.c.name)).scalar_one()
        return name


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, within the connection's transaction."""
    from alembic import command  # costs a sixth of a second, and nearly no start needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(select(table("alembic_version", column("version_num")).c.version_num)).scalar()


def _check_encoding(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreUnavailable(f"The database keeps text as {encoding}; create one with ENCODING 'UTF8'.")
