"""The relay's HTTP server: `/send` and `/status` for the core, `/in` and `/report` for Kannel, `/health` for this host.

The core signs what it asks. Kannel can sign nothing: whoever reaches the port can be Kannel, so that it listens on
loopback, or calls have to name the key.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import socket
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from connector.base.clock import Clock
from connector.base.descriptors import connection_budget
from connector.base.supervise import Supervisor
from connector.config.relay import RelaySettings
from connector.edge.accepting import Acceptor, bound_to
from connector.edge.hooks.connection import HttpConnection
from connector.edge.hooks.connections import ConnectionPool
from connector.edge.hooks.http import HttpAnswer, HttpLimits, HttpRequest
from connector.edge.hooks.loopback import is_local
from connector.edge.listening import listening_on
from connector.providers.generic import signature
from connector.providers.values import Hook, NotGenuine
from connector.relay.forwarding import Forwarder
from connector.relay.kannel import inbound
from connector.relay.kannel.receipts import receipt
from connector.relay.sending import Dispatcher, RelayAnswer
from connector.relay.store import RelayStore, add_forward, counts

log = logging.getLogger(__name__)

_LIMITS = HttpLimits(answer_s=19.0)  # the core waits 20 s for an answer
_DRAIN_S = 20.0
_BODY = 64 * 1024  # of a signed request
_MOST_PARAMETERS = 20
_ID = re.compile(r"[0-9A-Za-z._-]{1,64}")
_EVENT = re.compile(r"[0-9]{1,3}")
_JSON = ("Content-Type", "application/json")
_TEXT = ("Content-Type", "text/plain")
_LATER = HttpAnswer(503, b"later", (_TEXT,), closes=True)


class RelayServer:
    """Call `close` whether or not it has ever listened."""

    def __init__(
        self,
        settings: RelaySettings,
        store: RelayStore,
        forwarder: Forwarder,
        dispatcher: Dispatcher,
        clock: Clock,
        tasks: Supervisor,
    ) -> None:
        self._secret = settings.secret.reveal().encode()
        self._key = settings.key.reveal().encode() if settings.key is not None else None
        self._store = store
        self._forwarder = forwarder
        self._dispatcher = dispatcher
        self._clock = clock
        self._tasks = tasks
        self._pool = ConnectionPool(connection_budget().hooks)
        self._acceptor = Acceptor(tasks, "gateway")

    async def listen(self, host: str, port: int) -> str:
        """The server's own address. Raises CannotStart."""
        with listening_on(f"relay: {host}:{port}"):
            sockets = bound_to(host, port)
            for bound in sockets:
                self._acceptor.listen(bound, self._admit)
        return f"http://{host}:{sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Take no more, and finish what is being answered."""
        await self._acceptor.close()
        await self._pool.drain(_DRAIN_S)

    def _admit(self, accepted: socket.socket, address: object) -> None:
        self._tasks.start("gateway connection", self._serve(accepted))

    async def _serve(self, accepted: socket.socket) -> None:
        connection = HttpConnection(self, self._pool, _LIMITS)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, accepted)
        except OSError:  # it broke off already
            accepted.close()

    # What `HttpApplication` asks for

    def body_limit(self, request: HttpRequest) -> int:
        return _BODY if signature.HEADER in request.headers else 0

    def broke_off(self, request: HttpRequest) -> None:
        log.warning("a request was not read: the connection closed before its end")

    async def answer(self, request: HttpRequest) -> HttpAnswer:
        try:
            match request.method, request.path:
                case "POST", "/send" | "/status":
                    return await self._answer_core(request)
                case "GET", "/in" | "/report":
                    return await self._answer_kannel(request)
                case "GET", "/health":
                    return await self._health(request)
        except sqlite3.Error as error:
            log.error("the relay's records cannot be used: %s", error)
            return _LATER
        return HttpAnswer(404, closes=True)

    # The core

    async def _answer_core(self, request: HttpRequest) -> HttpAnswer:
        if request.is_cut and signature.HEADER in request.headers:
            return HttpAnswer(413, closes=True)
        hook = Hook(request.path, request.method, request.path, request.headers, request.body)
        try:
            signature.verify(hook, [self._secret], self._clock.now())
        except NotGenuine as error:
            log.warning("a request that claims to come from the core is refused: %s", error)
            content = {"code": "signature", "text": "The relay has another secret, or a clock is off"}
            return HttpAnswer(401, json.dumps(content).encode(), (_JSON,), closes=True)
        if request.path == "/send":
            return _rendered(await self._dispatcher.send(request.body))
        try:
            asked = msgspec.json.decode(request.body, type=dict[str, Any])
        except msgspec.MsgspecError:
            return HttpAnswer(400, closes=True)
        return _rendered(await self._dispatcher.look_up(str(asked.get("message_id") or asked.get("id") or "")))

    # Kannel

    async def _answer_kannel(self, request: HttpRequest) -> HttpAnswer:
        try:
            given = parameters(request.target)
        except ValueError:  # more parameters than Kannel has
            return HttpAnswer(400, closes=True)
        if self._key is not None and not hmac.compare_digest(given.get("key", b""), self._key):
            log.warning("a call without the relay's key is refused")
            return HttpAnswer(403, closes=True)
        taken = self._take_text(given) if request.path == "/in" else self._take_receipt(given)
        try:
            await taken
        except ValueError as error:
            # Kannel would offer it again in the same form.
            log.error("what Kannel brought cannot be read: %s", error)
            return HttpAnswer(400, closes=True)
        return HttpAnswer(200, b"", (_TEXT,), is_proven=self._key is not None)

    async def _take_text(self, given: Mapping[str, bytes]) -> None:
        content = inbound.message(given)
        body, lane, now = msgspec.json.encode(content), f"from {content['from']}", self._clock.now()
        added = await self._store.run(
            lambda db: add_forward(db, f"mo {content['id']}", lane=lane, kind="inbound", body=body, now=now)
        )
        if added:
            self._forwarder.wake()

    async def _take_receipt(self, given: Mapping[str, bytes]) -> None:
        words = {name: value.decode("utf-8", "replace").strip() for name, value in given.items()}
        id_, event = words.get("id", ""), words.get("status", "")
        part, parts = (int(words[name]) if words.get(name, "").isdecimal() else 1 for name in ("part", "parts"))
        if not (_ID.fullmatch(id_) and _EVENT.fullmatch(event) and 1 <= part <= parts <= 255):
            raise ValueError("id, status, part or parts is not as it was given in the dlr-url")
        said = receipt(event, words.get("answer", ""))
        await self._dispatcher.take_receipt(id_, part, parts, event, said)

    # This host

    async def _health(self, request: HttpRequest) -> HttpAnswer:
        if not is_local(request.peer, request.headers):
            return HttpAnswer(404, closes=True)
        found = await self._store.run(counts)
        return HttpAnswer(200, msgspec.json.encode(found), (_JSON,), closes=True)


def parameters(target: str) -> dict[str, bytes]:
    """The query's parameters as octets, the first of each name. Raises ValueError."""
    query = target.partition("?")[2].encode("utf-8", "surrogateescape").decode("latin-1")
    found: dict[str, bytes] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_PARAMETERS):
        found.setdefault(name, value.encode("latin-1"))
    return found


def reports_url(own_url: str, key: str | None, id_: str, part: int, parts: int) -> str:
    """The address for receipts of a part, with Kannel's escape codes (user guide, table 7-10)."""
    fixed = {"id": id_, "part": str(part), "parts": str(parts)} | ({"key": key} if key else {})
    return f"{own_url.rstrip('/')}/report?{urlencode(fixed).replace('%', '%%')}&status=%d&answer=%A"


def _rendered(answer: RelayAnswer) -> HttpAnswer:
    """The answer as the last of its connection.

    A kept connection that ends with the relay, just when the core sends, would make a text of unknown end of one that
    never came; without one the core knows that it cannot connect.
    """
    later = (("Retry-After", str(answer.retry_after_s)),) if answer.retry_after_s else ()
    return HttpAnswer(answer.status, msgspec.json.encode(answer.content), (_JSON, *later), closes=True)
