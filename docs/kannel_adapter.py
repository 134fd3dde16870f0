"""An adapter between Textdesk's generic provider and Kannel; see generic-provider.md beside this file.

Kannel's side: https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html, chapter on the SMS gateway.
"""

from __future__ import annotations

import hmac
import json
import os
import sqlite3
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode

import aiohttp
from aiohttp import web

from connector.sms.segments import measure

# Kannel's values of %d.
STATUSES = {"1": "delivered", "2": "undelivered", "4": "accepted", "8": "sent", "16": "failed"}
FINAL = ("delivered", "undelivered", "failed")
ALL_RECEIPTS = 1 + 2 + 4 + 8 + 16
CHARSETS = {"UTF-16BE": "utf-16-be", "WINDOWS-1252": "cp1252"}
TRYING = "trying"  # Kannel was called, and the outcome is unknown


class Adapter:
    """`settings`: SECRET, KANNEL, KANNEL_USER, KANNEL_PASSWORD, TEXTDESK, STORE and SELF, our own address."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._secret = settings["SECRET"].encode()
        self._store = sqlite3.connect(settings["STORE"], isolation_level=None)
        self._store.execute("PRAGMA synchronous=FULL")
        self._store.execute("CREATE TABLE IF NOT EXISTS sent (id TEXT PRIMARY KEY, status TEXT NOT NULL)")
        self._http: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/send", self._send)
        app.router.add_post("/status", self._status)
        app.router.add_get("/in", self._inbound)
        app.router.add_get("/report", self._receipt)
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._close)
        return app

    async def _open(self, app: web.Application) -> None:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=12))

    async def _close(self, app: web.Application) -> None:
        if self._http is not None:
            await self._http.close()
        self._store.close()

    # From Textdesk

    async def _send(self, request: web.Request) -> web.Response:
        message = await self._authenticated(request)
        known = self._known(message["id"])
        if known is not None:
            has_status = {} if known == TRYING else {"status": known}
            return web.json_response({"id": message["id"], **has_status}, status=409)
        # Before the call, so that an unknown id was never passed to Kannel.
        self._store.execute("INSERT INTO sent VALUES (?, ?)", (message["id"], TRYING))
        wanted = {
            "username": self._settings["KANNEL_USER"],
            "password": self._settings["KANNEL_PASSWORD"],
            "from": message["from"],
            "to": message["to"],
            "text": message["text"],
            "charset": "UTF-8",
            # Kannel replaces characters outside its 7 bit alphabet by a question mark.
            "coding": "0" if measure(message["text"]).encoding == "GSM-7" else "2",
            "dlr-mask": str(ALL_RECEIPTS),
            "dlr-url": f"{self._settings['SELF']}/report?{urlencode({'id': message['id']})}&status=%d&code=%A",
        }
        if "valid_for_s" in message:
            wanted["validity"] = str(max(1, message["valid_for_s"] // 60))
        assert self._http is not None
        try:
            async with self._http.get(self._settings["KANNEL"], params=wanted) as answer:
                status, words = answer.status, await answer.text()
        except aiohttp.ClientConnectorError:
            status, words = 503, "Kannel could not be reached"
        except (aiohttp.ClientError, TimeoutError):
            return web.json_response({"text": "Kannel did not answer"}, status=504)
        if status == 202:
            self._store.execute("UPDATE sent SET status='accepted' WHERE id=? AND status=?", (message["id"], TRYING))
            return web.json_response({"id": message["id"], "status": "accepted"})
        if status == 503 or 400 <= status < 500:
            self._store.execute("DELETE FROM sent WHERE id=?", (message["id"],))
            later = {"Retry-After": "10"} if status == 503 else {}
            return web.json_response({"code": str(status), "text": words}, status=status, headers=later)
        return web.json_response({"text": words}, status=502)

    async def _status(self, request: web.Request) -> web.Response:
        asked = await self._authenticated(request)
        message_id = asked.get("message_id") or asked.get("id", "")
        known = self._known(message_id)
        if known is None:
            return web.json_response({"code": "unknown_id"}, status=404)
        if known == TRYING:
            return web.json_response({"text": "the outcome is not known yet"}, status=503)
        return web.json_response({"id": message_id, "message_id": message_id, "status": known})

    async def _authenticated(self, request: web.Request) -> dict[str, Any]:
        """The body of a request with a correct signature; others are answered 401 here."""
        body = await request.read()
        marks = [mark.strip().split("=", 1) for mark in request.headers.get("X-Textdesk-Signature", "").split(",")]
        moments = [mark[1] for mark in marks if mark[0] == "t" and mark[-1].isdecimal()]
        at = int(moments[0]) if moments else 0
        signatures = [mark[1] for mark in marks if mark[0] == "v1" and len(mark) == 2]
        expected = self._signature(at, body).encode()
        is_genuine = any(hmac.compare_digest(expected, signature.encode()) for signature in signatures)
        if not is_genuine or abs(time.time() - at) > 300:
            raise web.HTTPUnauthorized(text='{"code": "signature", "text": "wrong secret, or a clock is off"}')
        content: dict[str, Any] = json.loads(body)
        return content

    # From Kannel

    async def _inbound(self, request: web.Request) -> web.Response:
        """`text` is in octets of the charset that Kannel names, so the query is split before it is decoded."""
        query = parse_qs(request.rel_url.raw_query_string, encoding="latin-1")
        given = {name: values[0] for name, values in query.items()}
        octets = given.get("text", "").encode("latin-1")
        text = octets.decode(CHARSETS.get(given.get("charset", ""), "utf-8"), errors="replace")
        message = {"id": given["id"], "from": number(given["from"]), "to": number(given["to"]), "text": text}
        return await self._forward("inbound", message)

    async def _receipt(self, request: web.Request) -> web.Response:
        message_id, status = request.query["id"], STATUSES.get(request.query["status"], request.query["status"])
        known = self._known(message_id)
        if known is not None and known not in FINAL:
            self._store.execute("UPDATE sent SET status=? WHERE id=?", (status, message_id))
        content = {"id": message_id, "message_id": message_id, "status": status}
        if status in ("undelivered", "failed"):
            content["text"] = request.query.get("code", "").strip()
        return await self._forward("status", content)

    async def _forward(self, kind: str, content: dict[str, str]) -> web.Response:
        """Answers Kannel 200 when Textdesk has stored it; otherwise Kannel tries again."""
        body = json.dumps(content).encode()
        at = int(time.time())
        headers = {"Content-Type": "application/json", "X-Textdesk-Signature": f"t={at},v1={self._signature(at, body)}"}
        assert self._http is not None
        try:
            async with self._http.post(f"{self._settings['TEXTDESK']}/{kind}", data=body, headers=headers) as answer:
                return web.Response(status=200 if answer.status == 200 else 502)
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502)

    def _signature(self, at: int, body: bytes) -> str:
        return hmac.digest(self._secret, b"%d." % at + body, "sha256").hex()

    def _known(self, message_id: str) -> str | None:
        row = self._store.execute("SELECT status FROM sent WHERE id=?", (message_id,)).fetchone()
        return None if row is None else str(row[0])


def number(written: str) -> str:
    """Kannel's number as Textdesk writes it: with a plus, short codes and names as they are."""
    digits = written.strip().removeprefix("+")
    return f"+{digits}" if digits.isdecimal() and len(digits) > 8 else digits


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8200"))
    web.run_app(Adapter({"SELF": f"http://127.0.0.1:{port}", **os.environ}).application(), host="127.0.0.1", port=port)
