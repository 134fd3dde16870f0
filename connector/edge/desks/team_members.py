"""Who may work on a team's socket: the members of its group, as the databases of this host name them.

The kernel lets a process in by the groups it was started with, so that a user who was removed from the group could go
on until all their sessions have ended.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from connector.base.team_socket import is_member
from connector.base.trusted_files import user_name
from connector.wire import frames
from connector.wire.session import close_reason

_CHECK_S = 20.0


class _Closable(Protocol):
    async def close(self, code: int, reason: str) -> None: ...


class TeamMembers:
    """`gid`: the group. Root and the core's own user need not be members.

    `refused` records that a user, by name, was not let in, and why.
    """

    def __init__(self, gid: int, group: str, refused: Callable[[str, str], Awaitable[None]]) -> None:
        self._gid = gid
        self._group = group
        self._refused = refused
        self._connected: dict[int, set[_Closable]] = {}

    @asynccontextmanager
    async def admitted(self, uid: int, connection: _Closable) -> AsyncIterator[bool]:
        """Whether the user may work; if so, until the block ends or they are a member no longer."""
        if not await self._may_work(uid):
            name = await asyncio.to_thread(user_name, uid)
            await self._refused(name, self._words(uid, name))
            await self._refuse(uid, name, connection)
            yield False
            return
        self._connected.setdefault(uid, set()).add(connection)
        try:
            yield True
        finally:
            self._connected[uid].discard(connection)
            if not self._connected[uid]:
                del self._connected[uid]

    async def watch(self) -> None:
        """Close the connections of those who are members no longer, until cancelled."""
        while True:
            await asyncio.sleep(_CHECK_S)
            await self.check()

    async def check(self) -> None:
        for uid in tuple(self._connected):
            if not await self._may_work(uid):
                name = await asyncio.to_thread(user_name, uid)
                await asyncio.gather(*(self._refuse(uid, name, one) for one in tuple(self._connected.get(uid, ()))))

    async def _may_work(self, uid: int) -> bool:
        # In a thread: a directory service may be slow.
        return uid in (0, os.geteuid()) or await asyncio.to_thread(is_member, uid, self._gid)

    async def _refuse(self, uid: int, name: str, connection: _Closable) -> None:
        await connection.close(frames.CLOSE_NOT_SIGNED_IN, close_reason(self._words(uid, name)))

    def _words(self, uid: int, name: str) -> str:
        if name == f"uid-{uid}":
            return f"There is no user {uid} on this host any more."
        return f"The user {name} is not a member of the group {self._group} any more."
