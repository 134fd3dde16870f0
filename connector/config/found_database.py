"""Refuses a found configuration whose database elsewhere would be given a password that is not its own.

Without one in the URL, libpq takes `PGPASSWORD`, or what `~/.pgpass` has for that host, and gives it to the server in
the form that the server asks for.
"""

from __future__ import annotations

import shlex
import tomllib
from pathlib import Path
from typing import Any

from connector.base import trusted_files
from connector.base.ip_addresses import is_loopback
from connector.config.errors import ConfigError


def refuse_implicit_password(path: Path) -> None:
    """Raises ConfigError. Says nothing of a file that cannot be read, or not be used: reading it will say more."""
    try:
        database = tomllib.loads(trusted_files.read(path).decode())["core"]["database"]
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return
    if isinstance(database, str) and "://" in database and (host := _host_without_password(database)) is not None:
        raise ConfigError(
            f"{path}: core.database: {host} is another machine, and a file that was only found in this folder may not"
            " choose who gets the password of PGPASSWORD or ~/.pgpass. If you trust the file, name it: --config"
            f" {shlex.quote(str(path))}, or TEXTDESK_CONFIG."
        )


def _host_without_password(database: str) -> str | None:
    """Where a URL for PostgreSQL leads, when that is not this machine and the URL has no password; None otherwise."""
    # Loaded for PostgreSQL only. Another parser than the one that is connected with could be told something else.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(database)
        if not url.drivername.startswith("postgres"):
            return None
        url = url.set(drivername="postgresql+psycopg")
        _, given = url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        return None
    if isinstance(password := given.get("password"), str) and password:
        return None
    places = [str(given[name]) for name in ("service", "servicefile") if name in given]  # these name a host
    places += [host for name in ("host", "hostaddr") for host in _hosts(given.get(name)) if not _is_here(host)]
    return places[0] if places else None


def _hosts(given: Any) -> list[str]:
    """libpq takes a list, of which it tries one after the other."""
    values = given if isinstance(given, tuple | list) else [given or ""]
    return [host.strip() for value in values for host in str(value).split(",")]


def _is_here(host: str) -> bool:
    """Without one, the environment or the Unix socket decides; a path, or a name after @, is a socket."""
    return host == "" or host.startswith(("/", "@")) or is_loopback(host)
