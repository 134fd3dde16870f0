"""The HTTP server that providers reach: their hooks, our pictures and /health."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import Callable, Mapping

from connector.base.descriptors import connection_budget
from connector.edge.accepting import Acceptor, bound_to
from connector.edge.hooks.connection import HttpConnection
from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.handler import HookHandler
from connector.edge.hooks.http import LIMITS, HttpAnswer, HttpLimits, HttpRequest
from connector.edge.hooks.loopback import is_local
from connector.edge.hooks.source import source_of
from connector.edge.hooks.unproven import UnprovenBudget
from connector.edge.listening import listening_on
from connector.edge.parts import CoreParts
from connector.pictures.serve import answer_headers
from connector.store.ports import StoreUnavailable

_DRAIN_S = 20.0
_PICTURES = "/pictures/"
_TOKEN = re.compile(r"[0-9A-Z]{26}")
# Pictures of some megabytes that wait in memory for slow callers.
_MOST_PICTURES = 16

_LATER = HttpAnswer(503, headers=(("Retry-After", "5"),), closes=True)

Health = Callable[[], Mapping[str, object]]


class HookServer:
    """Call `close` whether or not it has ever listened."""

    def __init__(
        self,
        parts: CoreParts,
        health: Health,
        request_recovery: Callable[[str], None],
        limits: HttpLimits = LIMITS,
        places: int | None = None,
    ) -> None:
        """`health` gives status, reasons and store. `request_recovery` gets accounts with a hook answered 5xx.

        `places`: connections at once; None: this process's share of its descriptors.
        """
        self._parts = parts
        self._health = health
        self._limits = limits
        self._budget = UnprovenBudget(parts.clock)
        self._handler = HookHandler(parts, self._budget, request_recovery)
        self._pool = ConnectionPool(connection_budget().hooks if places is None else places)
        self._acceptor = Acceptor(parts.tasks, "provider")
        self._pictures_under_way = 0
        self.url: str | None = None  # its own, once it listens

    async def listen(self, host: str, port: int) -> str:
        """The server's own URL. Raises CannotStart."""
        with listening_on(f"hooks: {host}:{port}"):
            sockets = bound_to(host, port)
            for bound in sockets:
                self._acceptor.listen(bound, self._admit)
        self.url = f"http://{host}:{sockets[0].getsockname()[1]}"
        return self.url

    async def close(self) -> None:
        """Take no more hooks, and finish those under way."""
        await self._acceptor.close()
        await self._pool.drain(_DRAIN_S)

    def _admit(self, accepted: socket.socket, address: object) -> None:
        self._parts.tasks.start("hook connection", self._serve(accepted))

    async def _serve(self, accepted: socket.socket) -> None:
        connection = HttpConnection(self, self._pool, self._limits)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, accepted)
        except OSError:  # it broke off already
            accepted.close()

    # What `HttpApplication` asks for

    def body_limit(self, request: HttpRequest) -> int:
        return self._handler.body_limit(request)

    def broke_off(self, request: HttpRequest) -> None:
        self._handler.broke_off(request)

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        if request.target.startswith(("/hooks/", "//hooks/")):  # see `HookHandler`
            return await self._handler.answer(request)
        is_read = request.method in ("GET", "HEAD")
        if request.path == "/health" and is_read:
            return self._health_answer(request)
        if request.path.startswith(_PICTURES) and is_read:
            return await self._picture(request)
        return HttpAnswer(404, closes=True)

    async def _picture(self, request: HttpRequest) -> HttpAnswer:
        """A picture of a reply, for the provider to fetch."""
        token = request.path.removeprefix(_PICTURES)
        source = source_of(request.peer, request.headers)
        if not _TOKEN.fullmatch(token):
            return HttpAnswer(404, closes=True)
        if self._pictures_under_way >= _MOST_PICTURES or not self._budget.allows_miss(source):
            return _LATER
        self._pictures_under_way += 1
        try:
            answer = await self._stored_picture(token)
        except StoreUnavailable:
            return _LATER
        finally:
            self._pictures_under_way -= 1
        if answer.status == 404:
            self._budget.charge_miss(source)
        return answer

    async def _stored_picture(self, token: str) -> HttpAnswer:
        upload = await self._parts.store.read(lambda reading: reading.upload(token))
        if upload is None or upload.expires_at <= self._parts.clock.now():
            return HttpAnswer(404, closes=True)
        data = await asyncio.to_thread(self._parts.pictures.read, upload.digest)
        if data is None:
            return HttpAnswer(404, closes=True)
        return HttpAnswer(200, data, tuple(answer_headers(upload.content_type).items()))

    def _health_answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer GET /health; only callers on this machine get the reasons."""
        health = self._health()
        if not is_local(request.peer, request.headers):
            health = {key: health[key] for key in ("status", "store")}
        content_type = ("Content-Type", "application/json; charset=utf-8")
        status = 503 if health["status"] == "down" else 200
        return HttpAnswer(status, json.dumps(health).encode(), (content_type,), closes=True)  # it has proven nothing
