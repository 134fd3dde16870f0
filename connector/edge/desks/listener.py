"""Accepts desks' connections, within bounds that hold before anything of them is read.

The event loop's own server would accept a TLS connection uncounted until its handshake ends.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from typing import NamedTuple

from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.protocol import State

from connector.base.supervise import Supervisor
from connector.base.trusted_files import peer_uid
from connector.edge.accepting import Acceptor
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.strangers import IN_ALL, Strangers, source_of, user_source
from connector.edge.desks.team_members import TeamMembers

log = logging.getLogger(__name__)

_TLS_WITHIN_S = 5.0
_TLS_END_S = 2.0


class _Served(NamedTuple):
    connection: DeskConnection
    task: asyncio.Task[None]


class DeskListener:
    """`most`: connections at once. Each has a task of `tasks` that runs `handle`."""

    def __init__(self, handle: Callable[[DeskConnection], Awaitable[None]], tasks: Supervisor, most: int) -> None:
        self._handle = handle
        self._tasks = tasks
        self._most = most
        self._strangers = Strangers(in_all=min(IN_ALL, max(1, most // 4)))
        self._numbers = count()
        self._served: dict[int, _Served] = {}
        self._acceptor = Acceptor(tasks, "desk")

    def listen(
        self, bound: socket.socket, tls: ssl.SSLContext | None = None, members: TeamMembers | None = None
    ) -> None:
        """Accept on a bound socket until `close`, which closes it; of a team's, from its members. Raises OSError."""
        self._acceptor.listen(bound, partial(self._admit, tls=tls, members=members))

    def close_all(self, code: int, reason: str = "") -> None:
        """Begin to close all connections."""
        for connection, task in self._served.values():
            if connection.protocol.state is State.CONNECTING:
                task.cancel()
            else:
                self._tasks.start("close desk", connection.close(code, reason))

    async def close(self) -> None:
        """Accept no more, and wait for the end of all connections."""
        await self._acceptor.close()
        self.close_all(CloseCode.GOING_AWAY)
        if self._served:
            await asyncio.wait([served.task for served in self._served.values()])

    def _admit(
        self, accepted: socket.socket, address: object, tls: ssl.SSLContext | None, members: TeamMembers | None
    ) -> None:
        source = source_of(address)
        # Before it has signed in, a connection of a team's member counts as one of a stranger: of that user.
        counted_as = source if members is None else user_source(accepted)
        if len(self._served) >= self._most or not self._strangers.has_room(counted_as):
            accepted.close()
            return
        number = next(self._numbers)
        connection = DeskConnection(source, partial(self._strangers.remove, counted_as, number))
        task = self._tasks.start("desk", self._serve(connection, accepted, tls, members))
        self._served[number] = _Served(connection, task)
        task.add_done_callback(partial(self._ended, number, accepted, counted_as))
        if (dropped := self._strangers.add(counted_as, number)) is not None:
            self._served[dropped].task.cancel()

    async def _serve(
        self,
        connection: DeskConnection,
        accepted: socket.socket,
        tls: ssl.SSLContext | None,
        members: TeamMembers | None,
    ) -> None:
        limit_s = (_TLS_WITHIN_S, _TLS_END_S) if tls is not None else (None, None)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: connection,
                accepted,
                ssl=tls,
                ssl_handshake_timeout=limit_s[0],
                ssl_shutdown_timeout=limit_s[1],
            )
            if await connection.open():
                async with connection:
                    if members is None:
                        await self._handle(connection)
                    else:
                        await self._handle_member(connection, members)
        except (OSError, ConnectionClosed):
            pass  # it broke off, or was no TLS
        except Exception:
            log.exception("a desk's connection failed")
        finally:
            connection.abort()

    async def _handle_member(self, connection: DeskConnection, members: TeamMembers) -> None:
        uid = peer_uid(connection.transport.get_extra_info("socket"))
        if uid is not None:
            async with members.admitted(uid, connection) as is_in:
                if is_in:
                    await self._handle(connection)

    def _ended(self, number: int, accepted: socket.socket, counted_as: str | None, task: object) -> None:
        connection, _ = self._served.pop(number)
        self._strangers.remove(counted_as, number)
        if not connection.is_made:
            accepted.close()
