"""The floor of the hook figures: `python -m tests.bench.floor_server SOCKET`.

The same HTTP server, form parser, answer and websocket server as the core's, and nothing else: no signature, no store,
no rules. `/answer` reads the form and answers; `/tell` tells the form to the websockets on SOCKET first.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from aiohttp import web
from websockets.asyncio.server import ServerConnection, broadcast, unix_serve
from websockets.exceptions import ConnectionClosed

_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def _run(path: Path) -> None:
    followers: set[ServerConnection] = set()

    async def follow(connection: ServerConnection) -> None:
        followers.add(connection)
        try:
            await connection.wait_closed()
        except ConnectionClosed:
            pass
        finally:
            followers.discard(connection)

    async def answer(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(text=_ANSWER, content_type="text/xml")

    async def tell(request: web.Request) -> web.Response:
        form = await request.post()
        told = {"type": "message_received", "message": {key: str(value) for key, value in form.items()}}
        broadcast(followers, json.dumps({"kind": "event", "position": 0, "body": told}))
        return web.Response(text=_ANSWER, content_type="text/xml")

    app = web.Application()
    app.router.add_post("/answer", answer)
    app.router.add_post("/tell", tell)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with unix_serve(follow, str(path), compression=None):
        print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}", "socket": str(path)}), flush=True)
        await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
