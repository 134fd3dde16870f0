"""Accepting connections goes on whatever callers do."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from connector.base.supervise import Supervisor
from connector.edge.accepting import Acceptor


class LeftByItsFirstCaller(socket.socket):
    """Reports a caller that broke off before it was accepted, as BSD and macOS do."""

    calls = 0

    def accept(self) -> tuple[socket.socket, Any]:
        self.calls += 1
        if self.calls == 1:
            raise ConnectionAbortedError
        return super().accept()


async def test_a_caller_that_broke_off_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    bound = LeftByItsFirstCaller(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind(("127.0.0.1", 0))
    admitted: asyncio.Queue[socket.socket] = asyncio.Queue()
    async with Supervisor() as tasks:
        acceptor = Acceptor(tasks, "desk")
        acceptor.listen(bound, lambda accepted, _: admitted.put_nowait(accepted))
        _, writer = await asyncio.open_connection(*bound.getsockname())
        async with asyncio.timeout(60):
            (await admitted.get()).close()
        writer.close()
        await acceptor.close()
    assert caplog.records == []
