"""The listener without descriptors, at its bound, and with TLS."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from connector.base.supervise import Supervisor
from connector.edge.desks.connection import DeskConnection
from connector.edge.desks.listener import DeskListener

PATIENCE_S = 60.0


async def echo(connection: DeskConnection) -> None:
    async for data in connection:
        await connection.send(data)


@asynccontextmanager
async def listening(path: Path, most: int) -> AsyncIterator[None]:
    bound = socket.socket(socket.AF_UNIX)
    bound.bind(str(path))
    async with Supervisor() as tasks:
        listener = DeskListener(echo, tasks, most)
        listener.listen(bound)
        try:
            yield
        finally:
            await listener.close()
            tasks.stop()


@contextmanager
def no_descriptor_left() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.open("/dev/null", os.O_RDONLY)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_without_descriptors_desks_wait_and_one_line_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "s"
    async with listening(path, most=10), asyncio.timeout(PATIENCE_S):
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(5)]
        with no_descriptor_left():
            for one in waiting:
                one.connect(str(path))
            while not caplog.records:
                await asyncio.sleep(0.01)
        for one in waiting:
            one.close()
        async with unix_connect(str(path), "ws://localhost/") as desk:
            await desk.send("hello")
            assert await desk.recv() == "hello"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "no desk can connect for now" in caplog.text
    assert "Traceback" not in caplog.text


async def test_beyond_its_bound_a_connection_is_closed_until_another_ends(tmp_path: Path) -> None:
    path = tmp_path / "s"

    async def connected() -> ClientConnection | None:
        try:
            return await unix_connect(str(path), "ws://localhost/")
        except (InvalidMessage, ConnectionClosed, OSError):
            return None

    async with listening(path, most=2), asyncio.timeout(PATIENCE_S):
        first, second, third = [await connected() for _ in range(3)]
        assert first is not None
        assert second is not None
        assert third is None
        await first.close()
        while (again := await connected()) is None:
            pass
        await again.send("hello")
        assert await again.recv() == "hello"


async def test_connections_end_with_the_listener(tmp_path: Path) -> None:
    path = tmp_path / "s"
    silent = socket.socket(socket.AF_UNIX)
    async with listening(path, most=5), asyncio.timeout(PATIENCE_S):
        silent.connect(str(path))
        desk = await unix_connect(str(path), "ws://localhost/")  # accepted after it
    with pytest.raises(ConnectionClosed) as end:
        await desk.recv()
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1001
    assert silent.recv(1) == b""
    silent.close()
