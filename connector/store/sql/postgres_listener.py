"""Wake-ups by the notifications of other cores on one PostgreSQL database."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from connector.store.sql.transaction import CHANNEL
from connector.store.values import ChangeKind

_RETRY_S = 1.0


class PostgresListener:
    """Receives the notifications of other cores, in a thread, on a connection of its own.

    A broken connection is made anew; one wake-up of every kind makes up for what was missed in between.
    Notifications of the backend `own_backend()` are ignored: this core's own changes are known already.
    """

    def __init__(
        self, engine: Engine, own_backend: Callable[[], int], on_changes: Callable[[Iterable[ChangeKind]], None]
    ) -> None:
        self._engine = engine
        self._own_backend = own_backend
        self._on_changes = on_changes
        self._stop_sender, self._stop_receiver = socket.socketpair()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="textdesk-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._stop_sender.send(b".")
        self._thread.join()
        self._stop_sender.close()
        self._stop_receiver.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (psycopg.Error, DBAPIError):
                self._stopping.wait(_RETRY_S)

    def _listen(self) -> None:
        pooled = self._engine.raw_connection()
        connection: psycopg.Connection = pooled.driver_connection  # type: ignore[assignment]
        pooled.detach()
        with contextlib.closing(connection):
            connection.autocommit = True
            connection.execute(f"LISTEN {CHANNEL}")
            self._on_changes(ChangeKind)
            while not self._stopping.is_set():
                select.select([connection.fileno(), self._stop_receiver.fileno()], [], [])
                notifications = list(connection.notifies(timeout=0))
                own = self._own_backend()
                words = {word for each in notifications if each.pid != own for word in each.payload.split()}
                self._on_changes([change for change in ChangeKind if change in words])
