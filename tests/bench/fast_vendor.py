"""A provider that accepts every text at once: `python -m tests.bench.fast_vendor`.

It answers as Twilio does: sends, the account, an empty list of messages. GET /sends gives the number of sends. Prints
its URL as JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import signal

from aiohttp import web

_ACCOUNT = {"sid": "AC", "status": "active", "type": "Full", "friendly_name": "Fast"}
_LIST: dict[str, object] = {"messages": [], "next_page_uri": None, "page": 0}


async def _run() -> None:
    logging.getLogger("aiohttp.server").disabled = True  # a core that is killed breaks off its calls
    numbers = itertools.count(1)
    sends = 0

    async def send(request: web.Request) -> web.Response:
        nonlocal sends
        await request.read()
        sends += 1
        taken = {"sid": f"SMe{next(numbers):031x}", "status": "queued", "error_code": None}
        return web.json_response(taken, status=201)

    async def show(request: web.Request) -> web.Response:
        return web.json_response(_LIST if request.path.endswith("/Messages.json") else _ACCOUNT)

    async def count(request: web.Request) -> web.Response:
        return web.json_response(sends)

    app = web.Application()
    app.router.add_get("/sends", count)
    app.router.add_get("/{rest:.*}", show)
    app.router.add_post("/{rest:.*}", send)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}), flush=True)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_run())
