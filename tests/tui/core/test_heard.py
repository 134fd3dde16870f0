from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, unix_serve

from tui.core import heard
from tui.core.heard import HeardConnection, open_unix


async def pings(connection: HeardConnection, count: int) -> None:
    """Until so many pings wait for their pongs."""
    while len(connection.pending_pings) < count:
        await asyncio.sleep(0)


async def test_what_comes_is_a_sign_of_life_though_the_pong_waits_behind_it(
    short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a slow line, where it comes after the rest of a snapshot."""
    monkeypatch.setattr(heard, "_QUIET_S", 0.01)
    monkeypatch.setattr(heard, "_ANSWER_S", 60)
    opened: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def serve(connection: ServerConnection) -> None:
        connection.transport.pause_reading()  # so it answers no ping
        opened.put_nowait(connection)
        await connection.wait_closed()

    async with unix_serve(serve, str(short_path / "s"), close_timeout=0.1), asyncio.timeout(60):
        connection = await open_unix(short_path / "s")
        core = await opened.get()
        async with asyncio.TaskGroup() as group:
            silence = group.create_task(connection.falls_silent())
            for number in range(1, 4):
                await pings(connection, number)  # another one is sent once the last counts as answered
                await core.send("a page")
            await pings(connection, 4)
            assert not silence.done()
            monkeypatch.setattr(heard, "_ANSWER_S", 0.01)
            await core.send("a page")  # after the next ping nothing comes
        async with asyncio.TaskGroup() as group:
            group.create_task(connection.speaks_again())
            await core.send("another page")
        core.transport.abort()
        await connection.wait_closed()
