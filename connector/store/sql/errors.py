"""What an engine's errors mean for a use case: run it again, give up for now, or its own fault."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

from connector.store.ports import Raced

# https://www.sqlite.org/rescode.html, the low byte of the extended code
_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: "The disk is full, so nothing can be kept; make room and it goes on by itself.",
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
    "53100": "The disk of the PostgreSQL server is full; make room and it goes on by itself.",
    "53": "The PostgreSQL server has run out of connections or memory; give it more.",
    "55P03": "Another core has held the PostgreSQL database for too long; look for one that hangs, and stop it.",
    "58": "The disk of the PostgreSQL server does not work as it should; look at the server's log.",
    "XX": "The PostgreSQL database is damaged or failed inside; look at the server's log.",
}
_LOST = ("08", "57P", "25P03")  # connection exceptions; the server stops, starts, or put us out as too long idle
_RACES = ("40001", "40P01")  # serialisation failure, deadlock


def raced(error: BaseException) -> bool:
    """Whether another writer was in the way, so that running the use case again may end well."""
    return isinstance(error, Raced) or _sqlstate(error) in _RACES


def lost(error: BaseException) -> bool:
    """Whether the connection broke, or never came to be."""
    cause = _cause(error)
    without_answer = isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None
    return without_answer or _sqlstate(error).startswith(_LOST)


def unavailable(error: BaseException) -> str | None:
    """Why the store cannot work, in words; None when the use case itself is at fault."""
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        return _SQLITE_WORDS.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    if lost(error):
        reason = str(cause).partition("\n")[0]
        return f"The PostgreSQL server cannot be used; check that it runs and that the URL is right ({reason})."
    state = _sqlstate(error)
    return _POSTGRES_WORDS.get(state) or _POSTGRES_WORDS.get(state[:2])


def _sqlstate(error: BaseException) -> str:
    cause = _cause(error)
    return (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""


def _cause(error: BaseException) -> BaseException | None:
    """The driver's own error, which SQLAlchemy wraps."""
    return error.orig if isinstance(error, DBAPIError) else error
