"""What the errors of an engine mean: run the use case again, give up for now, or a fault of the use case."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from connector.store.ports import Raced

# https://www.sqlite.org/rescode.html, the low byte of the extended code
_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: "The disk is full, so nothing can be stored; make room, and the core continues.",
    sqlite3.SQLITE_IOERR: "The disk does not take what is written; check it, and the space left on it.",
    sqlite3.SQLITE_READONLY: "The database file may not be written; check its owner and mode.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened; check its directory's owner and mode.",
    sqlite3.SQLITE_PERM: "The database file may not be opened; check its owner and mode.",
    sqlite3.SQLITE_BUSY: "Another program holds the database file; close it.",
    sqlite3.SQLITE_LOCKED: "Another program holds the database file; close it.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged; restore it from a backup.",
    sqlite3.SQLITE_NOTADB: "The file is not a database; name another file, or move this one away.",
    sqlite3.SQLITE_NOMEM: "There is no memory left for the database; stop something else.",
}

# https://www.postgresql.org/docs/18/errcodes-appendix.html, by whole code or class
_POSTGRES_WORDS = {
    "25006": "The PostgreSQL server only lets us read; it is a standby, point the URL at the primary.",
    "42501": "The PostgreSQL user of the URL lacks rights; grant it CREATE on the schema.",
    "53100": "The disk of the PostgreSQL server is full; make room, and the core continues.",
    "53": "The PostgreSQL server has run out of connections or memory; give it more.",
    "55P03": "Another core has held the PostgreSQL database for too long; look for one that hangs, and stop it.",
    "58": "The disk of the PostgreSQL server does not work as it should; look at the server's log.",
    "XX": "The PostgreSQL database is damaged or failed inside; look at the server's log.",
}
_LOST = ("08", "57P", "25P03")  # connection exceptions; the server stops or starts; it ended an idle transaction
_RACES = ("40001", "40P01")  # serialisation failure, deadlock


def is_race(error: BaseException) -> bool:
    """Whether the use case lost a race with another writer, so that running it again may succeed."""
    return isinstance(error, Raced) or _sqlstate(error) in _RACES


def is_disconnect(error: BaseException) -> bool:
    """Whether the connection broke, or could not be made."""
    cause = _cause(error)
    if not hasattr(cause, "sqlstate"):
        return False
    from psycopg import OperationalError  # who raised it has loaded the driver, which SQLite need not wait for

    has_no_state = isinstance(cause, OperationalError) and cause.sqlstate is None
    return has_no_state or _sqlstate(error).startswith(_LOST)


def why_unavailable(error: BaseException) -> str | None:
    """Why the store cannot be used, in a sentence; None when the use case itself is at fault."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return _SQLITE_WORDS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if is_disconnect(error):
        reason = str(cause).partition("\n")[0]
        return f"The PostgreSQL server cannot be used; check that it runs and that the URL is right ({reason})."
    state = _sqlstate(error)
    return _POSTGRES_WORDS.get(state) or _POSTGRES_WORDS.get(state[:2])


def is_interruption(error: BaseException) -> bool:
    """Whether a statement was broken off, because it took too long."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT
    return _sqlstate(error) == "57014"


def is_index_damage(error: BaseException) -> bool:
    """Whether what a statement needs is missing or damaged; of one that touches nothing but the index for search."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        return code == sqlite3.SQLITE_CORRUPT or (code == sqlite3.SQLITE_ERROR and "syntax" not in str(cause))
    return _sqlstate(error).startswith(("XX", "42P01"))


def _sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error of its driver; "" for any other, and where the server has not named one."""
    return getattr(_cause(error), "sqlstate", None) or ""


def _cause(error: BaseException) -> BaseException | None:
    """The driver's own error, unwrapped from SQLAlchemy's."""
    return error.orig if isinstance(error, DBAPIError) else error
