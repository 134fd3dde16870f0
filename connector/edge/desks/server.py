"""The websocket server for desks: a Unix socket for this host and, if configured, TCP with tokens."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

from websockets.asyncio.server import Server, ServerConnection, unix_serve
from websockets.asyncio.server import serve as serve_tcp

from connector.base.data_directory import CannotStart
from connector.base.supervise import Supervisor
from connector.config.settings import DeskSettings
from connector.edge.listening import listening_on
from connector.wire import endpoint, frames, limits


class DeskServer:
    """Call `close` whether or not it has ever listened."""

    def __init__(self, handle: Callable[[ServerConnection], Awaitable[None]], tasks: Supervisor) -> None:
        self._handle = handle
        self._tasks = tasks
        self._servers: list[Server] = []
        self._path: Path | None = None

    async def listen(self, data: Path, settings: DeskSettings | None) -> Path:
        """The Unix socket of this data directory, whose lock is held. Raises CannotStart."""
        path = endpoint.socket_path(data, os.environ)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # left by a core that was killed
        with listening_on(f"desks: {path}"):
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(path))
            path.chmod(0o600)  # before it listens, so that no other user can have connected
            server = await unix_serve(
                self._handle, sock=listening, compression=None, max_size=limits.FRAME_BYTES, ping_interval=20
            )
        self._servers.append(server)
        self._path = path
        if settings is not None:
            self._servers.append(await self._listen_on_tcp(settings))
        return path

    async def _listen_on_tcp(self, settings: DeskSettings) -> Server:
        host, _, port = settings.listen.rpartition(":")
        tls = None
        if settings.tls_certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            try:
                tls.load_cert_chain(settings.tls_certificate, settings.tls_key)
            except OSError as error:
                raise CannotStart(f"desks: the TLS certificate or key cannot be used: {error}.", os.EX_CONFIG) from None
        with listening_on(f"desks: {settings.listen}"):
            return await serve_tcp(
                self._handle,
                host.strip("[]"),
                int(port),
                ssl=tls,
                compression=None,
                max_size=limits.FRAME_BYTES,
                origins=[None],  # a web page in the agent's browser is not a desk
            )

    def announce_stop(self) -> None:
        """Close every desk's connection with the code that says that the core stops."""
        for server in self._servers:
            for connection in server.connections:
                self._tasks.start("close desk", connection.close(frames.CLOSE_STOPPING, "The core stops."))

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for server in self._servers:
            await server.wait_closed()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
