"""One desk's websocket: a stranger's, with little room and time, until its desk has signed in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from websockets.asyncio.connection import Connection
from websockets.asyncio.server import Server, ServerConnection
from websockets.protocol import State
from websockets.server import ServerProtocol

from connector.edge.desks.bounds import AgentBounds
from connector.wire import limits

log = logging.getLogger(__name__)

# Messages beside the one that is answered: with more than the first number reading stops, at the second it goes on.
_QUEUED = (1, 0)
_MOST_UNREAD_BYTES = 2 * limits.FRAME_BYTES  # of answers to a desk that goes on sending, such as pings
_STRANGER_CLOSE_S = 2.0  # given to a stranger to answer the closing frame
_CLOSE_S = 10.0


class _Serving:
    """What a connection asks of the library's server, whose place `DeskListener` takes."""

    def is_serving(self) -> bool:
        return True


class DeskConnection(ServerConnection):
    """`source`: the network it comes from, see `strangers.source_of`; None over a Unix socket."""

    def __init__(self, source: str | None, on_signed_in: Callable[[], None]) -> None:
        protocol = ServerProtocol(
            origins=None if source is None else [None],  # a web page in the agent's browser is not a desk
            extensions=None,  # no compression: a small frame could stand for a huge one
            max_size=limits.SIGN_IN_BYTES,
        )
        super().__init__(protocol, cast(Server, _Serving()), close_timeout=_STRANGER_CLOSE_S, max_queue=_QUEUED)
        self.source = source
        self._on_signed_in = on_signed_in
        self.is_made = False  # whether it has its transport
        self._bytes_left = limits.STRANGER_BYTES
        self._bounds: AgentBounds | None = None  # once its desk has signed in
        self._unanswered_bytes = 0

    async def open(self) -> bool:
        """The HTTP handshake. False: it failed or came too slowly."""
        try:
            async with asyncio.timeout(limits.OPEN_WITHIN_S):
                await self.handshake(server_header=None)
        except TimeoutError:
            return False
        return self.protocol.state is State.OPEN

    def signed_in(self, bounds: AgentBounds) -> None:
        """Give the connection the room and time of a desk."""
        self._bounds = bounds
        self.protocol.max_message_size = limits.FRAME_BYTES
        self.close_timeout = _CLOSE_S
        self.start_keepalive()
        self._on_signed_in()

    def answered(self, size: int) -> None:
        """A message of so many bytes is no longer in memory."""
        is_empty = not len(self.recv_messages.frames) and not self.protocol.reader.buffer
        # What is beside messages, such as their headers and pings, is let go when nothing waits.
        self._count(-self._unanswered_bytes if is_empty else -min(size, self._unanswered_bytes))

    def ended(self) -> None:
        """Nothing of it is in memory."""
        self._count(-self._unanswered_bytes)
        self._bounds = None

    def abort(self) -> None:
        if self.is_made:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Connection.connection_made(self, transport)  # without the library's task: the listener has one
        self.is_made = True

    def data_received(self, data: bytes) -> None:
        if not self._has_room(len(data)):
            self.transport.abort()
            return
        super().data_received(data)

    def _has_room(self, size: int) -> bool:
        if self._bounds is None:
            self._bytes_left -= size
            return self._bytes_left >= 0
        self._count(size)
        if self._bounds.unanswered_bytes > limits.UNANSWERED_BYTES:
            log.warning("a desk's connection is cut: its agent has sent too much at once")
            return False
        # The library answers pings at once, whether or not the answers are read.
        return self.transport.get_write_buffer_size() <= _MOST_UNREAD_BYTES

    def _count(self, size: int) -> None:
        if self._bounds is not None:
            self._unanswered_bytes += size
            self._bounds.unanswered_bytes += size
