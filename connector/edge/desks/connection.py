"""One desk's websocket: a stranger's, with little room and time, until its desk has signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection
from websockets.protocol import State
from websockets.server import ServerProtocol

from connector.wire import limits

_STRANGER_CLOSE_S = 2.0  # given to a stranger to answer the closing frame
_CLOSE_S = 10.0


class _Serving:
    """What a connection asks of the library's server, whose place `DeskListener` takes."""

    def is_serving(self) -> bool:
        return True


class DeskConnection(ServerConnection):
    """`source`: what a stranger counts for, see `strangers.source_of`; None over the Unix socket."""

    def __init__(self, source: str | None, on_signed_in: Callable[[], None]) -> None:
        protocol = ServerProtocol(
            origins=None if source is None else [None],  # a web page in the agent's browser is not a desk
            extensions=None,  # no compression: a small frame could stand for a huge one
            max_size=limits.SIGN_IN_BYTES,
        )
        super().__init__(protocol, cast(Server, _Serving()), close_timeout=_STRANGER_CLOSE_S)
        self.source = source
        self._on_signed_in = on_signed_in
        self.is_made = False  # whether it has its transport
        self._bytes_left: int | None = limits.STRANGER_BYTES

    async def open(self) -> bool:
        """The HTTP handshake. False: it failed or came too slowly."""
        try:
            async with asyncio.timeout(limits.OPEN_WITHIN_S):
                await self.handshake(server_header=None)
        except TimeoutError:
            return False
        return self.protocol.state is State.OPEN

    def signed_in(self) -> None:
        """Give the connection the room and time of a desk."""
        self._bytes_left = None
        self.protocol.max_message_size = limits.FRAME_BYTES
        self.close_timeout = _CLOSE_S
        self.start_keepalive()
        self._on_signed_in()

    def abort(self) -> None:
        if self.is_made:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Connection.connection_made(self, transport)  # without the library's task: the listener has one
        self.is_made = True

    def data_received(self, data: bytes) -> None:
        if self._bytes_left is not None:
            self._bytes_left -= len(data)
            if self._bytes_left < 0:
                self.transport.abort()
                return
        super().data_received(data)
