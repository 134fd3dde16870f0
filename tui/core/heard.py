"""A connection that knows whether the core on its other side still answers.

It stands in for the library's keepalive, which counts pongs only: on a slow line a pong waits behind the texts of a
snapshot, and the connection would end for being slow. Here any byte is a sign of life. Loaded with the first
connection, as the library takes a while.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect, unix_connect

from connector.wire import limits

_QUIET_S = 2.0  # without a byte: the core is asked for a sign
_ANSWER_S = 2.5  # to give one: a core that is stopped is known as such after less than five seconds
_GIVE_UP_S = 40.0  # without one: the connection is ended


class HeardConnection(ClientConnection):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._heard = asyncio.Event()
        self._heard_at = self.loop.time()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._heard_at = self.loop.time()
        self._heard.set()

    async def falls_silent(self) -> None:
        """Return once the core has not answered a ping in time."""
        while True:
            await asyncio.sleep(self._heard_at + _QUIET_S - self.loop.time())
            if self.loop.time() - self._heard_at >= _QUIET_S and not await self._answers():
                return

    async def _answers(self) -> bool:
        self._heard.clear()
        try:
            async with asyncio.timeout(_ANSWER_S):
                await self.ping()
                await self._heard.wait()
        except TimeoutError:
            # After a stop of this process its time may be over while the answer is here.
            return self._heard.is_set()
        return True

    async def speaks_again(self) -> None:
        """Return once the core is heard. Raises TimeoutError when it is not for long."""
        async with asyncio.timeout(_GIVE_UP_S):
            await self._heard.wait()


async def open_unix(path: Path) -> HeardConnection:
    return cast(HeardConnection, await unix_connect(str(path), uri="ws://localhost/desk", **_OPTIONS))


async def open_tcp(url: str, *, through_proxy: bool) -> HeardConnection:
    """`through_proxy`: through that of the environment, if any."""
    return cast(HeardConnection, await connect(url, proxy=True if through_proxy else None, **_OPTIONS))


_OPTIONS: dict[str, Any] = {
    "create_connection": HeardConnection,
    "compression": None,
    "max_size": limits.FRAME_BYTES,
    "close_timeout": 1,
    "ping_interval": None,
}
