"""A receiver of webhooks, written from the public specification (standardwebhooks.com, 1.0.0) and nothing of ours."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

TOLERANCE_S = 5 * 60
SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes ...").decode()


class NotGenuine(Exception):
    """The words say why."""


def verify(secret: str, headers: dict[str, str], body: bytes, now_s: float) -> Any:
    """The payload, once its signature and age are checked. `headers` in small letters. Raises NotGenuine."""
    try:
        msg_id, timestamp, signatures = (
            headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        )
    except KeyError as missing:
        raise NotGenuine(f"no {missing}") from None
    if not timestamp.isdecimal() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        raise NotGenuine(f"of another time: {timestamp}")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = msg_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    for each in signatures.split(" "):
        version, _, signature = each.partition(",")
        if version == "v1" and hmac.compare_digest(signature, expected):
            return json.loads(body)
    raise NotGenuine("no signature fits")


class WebhookReceiver:
    """Answers with `status`; `taken` are the payloads it took, each id once; `posts` the ids of all posts, in order."""

    def __init__(self, now_s: Callable[[], float], secret: str = SECRET) -> None:
        self.secret = secret
        self.status = 200
        self.posts: list[str] = []
        self.refused: list[str] = []
        self.taken: dict[str, Any] = {}
        self.url = ""
        self._now_s = now_s

    @property
    def types(self) -> list[str]:
        return [payload["type"] for payload in self.taken.values()]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[WebhookReceiver]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}/alerts"
        async with server:
            yield self
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
                headers = {name.strip().lower(): value.strip() for name, _, value in lines}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                status = self._status_for(head.split(" ")[0], headers, body)
                writer.write(
                    f"HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n".encode()
                )
                await writer.drain()
        writer.close()

    def _status_for(self, method: str, headers: dict[str, str], body: bytes) -> int:
        self.posts.append(headers.get("webhook-id", ""))
        try:
            assert method == "POST" and headers["content-type"] == "application/json"
            payload = verify(self.secret, headers, body, self._now_s())
        except NotGenuine as why:
            self.refused.append(str(why))
            return 401
        if 200 <= self.status < 300:
            self.taken.setdefault(headers["webhook-id"], payload)
        return self.status
