"""Reading the store without a core and without changing anything.

The database is opened read-only, so that one that is damaged, full or of another version is not touched.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from connector.base.clock import SystemClock
from connector.domain.agent import Agent
from connector.domain.alerts import Alert
from connector.domain.audit import StoredEntry
from connector.domain.consent.entries import LikelyOptOut
from connector.services.accounts import quarantine, recent_counts
from connector.services.on_call import webhook
from connector.services.search import indexing
from connector.store.migrations.shapes import HEAD
from connector.store.ports import StoreUnavailable
from connector.store.search import IndexDamaged, IndexState, IndexTrouble
from connector.store.sql import schema
from connector.store.sql.engines import engines_for, read_only_engine
from connector.store.sql.errors import why_unavailable
from connector.store.sql.reading import SqlReading
from connector.store.sql.session import SqlSession
from connector.store.sql.sqlite_file import read_only_query, refuse_remains
from connector.store.sql.statements import CompiledStatements
from connector.store.values import HookState, RawHook, TrafficCount
from connector.wire import limits
from connector.wire.views import WebhookView

DAY_MS = 24 * 3_600_000
_CHECK_S = 3.0
_STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine; some milliseconds
_MOST_HOOKS = 200
_MOST_LIKELY = 200
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'search_terms*'"
_AUDITED = 1_000  # entries of the audit


class StoreEvidence(Struct, frozen=True):
    """Everything below `is_current` needs tables of this version, and is of the last day."""

    engine: str  # SQLite or PostgreSQL
    is_there: bool = False
    trouble: str = ""  # why it cannot be read
    revision: str | None = None
    damage: str | None = None  # None: not checked to the end, blank: sound
    ahead_ms: int | None = None  # how far this machine's clock is ahead of the server's; None: there is no server
    is_current: bool = False
    set_aside: tuple[RawHook, ...] = ()  # quarantined hooks, and those taken without being genuine; newest first
    has_more_aside: bool = False  # there may be more
    taken: tuple[RawHook, ...] = ()  # the latest genuine hooks; newest first
    last_hook_at: dict[str, int] = {}  # by account; of all time
    traffic: tuple[TrafficCount, ...] = ()
    likely_opt_outs: tuple[LikelyOptOut, ...] = ()  # that no agent has decided about; the oldest first
    agents: tuple[Agent, ...] = ()
    alerts: tuple[Alert, ...] = ()  # that have not ended
    webhook: WebhookView | None = None  # what waits for it
    missing_triggers: tuple[str, ...] = ()  # of those that keep entries of the audit as they are
    audit: tuple[StoredEntry, ...] = ()  # its last entries, the oldest first
    index: IndexState | None = None  # for search

    @property
    def agent_skills(self) -> tuple[tuple[str, ...], ...]:
        """Those of each agent who is not disabled."""
        return tuple(agent.skills for agent in self.agents if not agent.is_disabled)


def read(where: str | None, data: Path, now: int) -> StoreEvidence:
    """Blocks; never raises for what the database or its file does."""
    path = data / "textdesk.db"
    try:
        if where is not None and "://" in where and not where.startswith("sqlite"):
            return _read("PostgreSQL", engines_for(where, 1).reading, None, now)
        if where is not None:
            path = Path(where.removeprefix("sqlite:///"))
        refuse_remains(path)
        if not path.exists():
            return StoreEvidence("SQLite")
        return _read("SQLite", read_only_engine(path), path, now)
    except StoreUnavailable as error:
        return StoreEvidence("database", trouble=str(error))


def _read(engine_name: str, engine: Engine, path: Path | None, now: int) -> StoreEvidence:
    stored = StoreEvidence(engine_name, is_there=True)
    try:
        with engine.connect() as connection:
            revision = schema.revision(connection)
            damage = _damage(path) if path is not None else ""
            stored = StoreEvidence(engine_name, is_there=True, revision=revision, damage=damage)
            if revision != HEAD or damage:
                return stored
            reading = SqlReading(SqlSession(connection, CompiledStatements.of(connection.dialect)))
            since = now - DAY_MS
            aside = quarantine.latest(reading, _MOST_HOOKS)
            return StoreEvidence(
                engine_name,
                is_there=True,
                revision=revision,
                damage=damage,
                is_current=True,
                ahead_ms=None if path is not None else SystemClock().now() - reading.server_time(),
                set_aside=tuple(hook for hook in aside if hook.at >= since),
                has_more_aside=len(aside) == _MOST_HOOKS,
                taken=tuple(reading.hooks([HookState.TAKEN], _MOST_HOOKS)),
                last_hook_at=recent_counts.last_hooks(reading),
                traffic=tuple(reading.traffic(since)),
                likely_opt_outs=tuple(reading.likely_opt_outs(_MOST_LIKELY)),
                agents=tuple(reading.desk_pages.agents()),
                alerts=tuple(reading.alerts.open()),
                webhook=webhook.state(reading),
                missing_triggers=tuple(schema.missing_audit_triggers(connection)),
                audit=_last_of_audit(reading),
                index=_index(reading),
            )
    except (SQLAlchemyError, sqlite3.Error) as error:
        words = why_unavailable(error) or str(getattr(error, "orig", error)).partition("\n")[0]
        return StoreEvidence(engine_name, is_there=True, trouble=words, revision=stored.revision)
    finally:
        engine.dispose()


def _last_of_audit(reading: SqlReading) -> tuple[StoredEntry, ...]:
    latest = reading.audit_before(limits.BIGGEST_NUMBER, None, None, 1)
    if not latest:
        return ()
    after = latest[0].number - _AUDITED
    return tuple(reading.stored_audit(after if after > 0 else -limits.BIGGEST_NUMBER, _AUDITED))


def _index(reading: SqlReading) -> IndexState:
    state = reading.search.state()
    try:
        indexing.check(reading)
    except IndexDamaged:
        return replace(state, trouble=IndexTrouble.DAMAGED)
    return state


def _damage(path: Path) -> str | None:
    """The result of `PRAGMA quick_check`, which reads the whole file; None when it takes longer than some seconds. The
    index for search is left out: nothing depends on it."""
    ends_at = time.monotonic() + _CHECK_S
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{urlencode(read_only_query(path))}", uri=True)
    try:
        connection.set_progress_handler(lambda: int(time.monotonic() > ends_at), _STEPS_BETWEEN_LOOKS)
        for (table,) in connection.execute(_TABLES).fetchall():
            ((result, *_), *_) = connection.execute(f'PRAGMA quick_check("{table}")').fetchall()
            if result != "ok":
                return str(result)
        return ""
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            return None
        raise
    finally:
        connection.close()
