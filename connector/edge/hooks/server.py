"""The HTTP server that providers reach: their hooks, our pictures and /health."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from aiohttp import web

from connector.edge.hooks.handler import HookHandler
from connector.edge.hooks.loopback import is_local
from connector.edge.hooks.rate_limit import RateLimit, ServerLog
from connector.edge.listening import listening_on
from connector.edge.parts import CoreParts
from connector.pictures.serve import answer_headers

log = logging.getLogger(__name__)

# A hook by GET has the whole text in its URL, percent-encoded.
_MAX_URL_BYTES = 64 * 1024
_DRAIN_S = 20.0

Health = Callable[[], Mapping[str, object]]


class HookServer:
    """Call `close` whether or not it has ever listened."""

    def __init__(self, parts: CoreParts, health: Health, request_recovery: Callable[[str], None]) -> None:
        """`health` gives status, reasons and store. `request_recovery` gets accounts with a hook answered 5xx."""
        self._parts = parts
        self._health = health
        self._failures = RateLimit(log, "hooks that failed or broke off", parts.clock)
        self._handler = HookHandler(parts, self._failures, request_recovery)
        self._runner: web.AppRunner | None = None

    async def listen(self, host: str, port: int) -> str:
        """The server's own URL. Raises CannotStart."""
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            logger=ServerLog(log, self._failures),
            max_line_size=_MAX_URL_BYTES,
            handle_signals=False,
            shutdown_timeout=_DRAIN_S,
        )
        await self._runner.setup()
        with listening_on(f"hooks: {host}:{port}"):
            await web.TCPSite(self._runner, host, port).start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Take no more hooks, and finish those under way."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/hooks/{provider}/{account}/{kind}", self._handler.handle)
        application.router.add_get("/pictures/{token}", self._picture)
        application.router.add_get("/health", self._answer_health)
        return application

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture of a reply, for the provider to fetch."""
        token = request.match_info["token"]
        upload = await self._parts.store.read(lambda reading: reading.upload(token))
        if upload is None or upload.expires_at <= self._parts.clock.now():
            return web.Response(status=404)
        data = await asyncio.to_thread(self._parts.pictures.read, upload.digest)
        if data is None:
            return web.Response(status=404)
        return web.Response(body=data, headers=answer_headers(upload.content_type))

    async def _answer_health(self, request: web.Request) -> web.Response:
        """Answer GET /health; only callers on this machine get the reasons."""
        health = self._health()
        if not is_local(request.remote, request.headers):
            health = {key: health[key] for key in ("status", "store")}
        return web.json_response(health)
