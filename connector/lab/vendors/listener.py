"""A website on a loopback port that can be closed and opened again."""

from __future__ import annotations

import asyncio
import select
import socket

from aiohttp import web

# A request that is held ends when its client hangs up, and must not delay the simulator's stop.
_SHUTDOWN_S = 0.5


class VendorListener:
    """Serves routes on a port of 127.0.0.1; while it is closed, connections are refused.

    Every request has a connection of its own, so that none is left which a closed website would still have to serve.
    """

    def __init__(self, port: int = 0) -> None:
        website = web.Application()
        website.on_response_prepare.append(_close_connection)
        self.add_routes = website.add_routes
        self._runner = web.AppRunner(website, access_log=None, shutdown_timeout=_SHUTDOWN_S)
        self._port = port
        self._socket: socket.socket
        self._reserved: socket.socket | None = None  # bound and not listening, so that a closed port stays ours
        self._site: web.SockSite | None = None

    async def setup(self) -> None:
        """Open for the first time, after all routes were added."""
        await self._runner.setup()
        await self.open()

    async def cleanup(self) -> None:
        self._release()
        await self._runner.cleanup()

    async def open(self) -> None:
        if self._site is None:
            self._release()
            self._socket = socket.create_server(("127.0.0.1", self._port))
            self._port = self._socket.getsockname()[1]
            self._site = web.SockSite(self._runner, self._socket)
            try:
                await self._site.start()
            except BaseException:
                asyncio.get_running_loop().remove_reader(self._socket)
                self._socket.close()
                raise

    async def close(self) -> None:
        """Refuse new connections; requests in progress are answered."""
        if self._site is not None:
            # Closing resets connections that are established and not yet accepted, which is not a refusal. The loop
            # accepts them one turn after it has seen them.
            quiet_turns = 0
            while quiet_turns < 2:
                await asyncio.sleep(0)
                is_quiet = not select.select([self._socket], [], [], 0)[0]
                quiet_turns = quiet_turns + 1 if is_quiet else 0
            await self._site.stop()
            self._site = None
            self._reserved = socket.socket()
            self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections may still be closing
            self._reserved.bind(("127.0.0.1", self._port))

    def _release(self) -> None:
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"


async def _close_connection(request: web.Request, response: web.StreamResponse) -> None:
    response.force_close()
    # Announced as well: a client may otherwise send its next request into the closing connection.
    response.headers["Connection"] = "close"
