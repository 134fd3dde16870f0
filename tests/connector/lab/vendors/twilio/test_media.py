"""Files of replies, fetched by the simulated Twilio from where the core serves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioRestException

from connector.lab.simulator.world import DEMO
from tests.connector.lab.harness import CONSUMER, LINE, RecordingCore, Simulator

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 1000


@pytest.fixture
async def files() -> AsyncIterator[str]:
    """The address of a website with files."""
    bodies = {"one.png": PNG, "large.png": b"0" * (5 * 1024 * 1024 + 1), "half.png": b"0" * (3 * 1024 * 1024)}

    async def get(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name == "page.html":
            return web.Response(text="<html/>", content_type="application/xhtml+xml")
        if name not in bodies:
            raise web.HTTPNotFound
        return web.Response(body=bodies[name], content_type="image/png")

    app = web.Application()
    app.router.add_get("/{name}", get)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def sent(sim: Simulator, *urls: str) -> dict[str, Any]:
    await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="look", media_url=list(urls))
    (message,) = await sim.logged(lambda log: log[0]["status"] in ("delivered", "failed"))
    return message


async def test_fetched_files_are_recorded(sim: Simulator, files: str) -> None:
    message = await sent(sim, f"{files}/one.png", f"{files}/half.png")
    assert message["status"] == "delivered"
    assert message["media_urls"] == [f"{files}/one.png", f"{files}/half.png"]
    assert message["fetched"] == [
        {"url": f"{files}/one.png", "status": 200, "bytes": len(PNG), "content_type": "image/png"},
        {"url": f"{files}/half.png", "status": 200, "bytes": 3 * 1024 * 1024, "content_type": "image/png"},
    ]


@pytest.mark.parametrize(
    ("names", "code", "last"),
    [
        (["missing.png"], 11200, (404, 14)),
        (["one.png", "missing.png", "half.png"], 11200, (404, 14)),
        (["page.html"], 12300, (200, 7)),
        (["large.png"], 11751, (200, 5 * 1024 * 1024 + 1)),
        (["half.png", "half.png"], 11751, (200, 3 * 1024 * 1024)),
    ],
)
async def test_a_file_that_cannot_be_fetched_fails_the_message(
    sim: Simulator, core: RecordingCore, files: str, names: list[str], code: int, last: tuple[int, int]
) -> None:
    message = await sent(sim, *(f"{files}/{name}" for name in names))
    assert (message["status"], message["error_code"]) == ("failed", code)
    assert (message["fetched"][-1]["status"], message["fetched"][-1]["bytes"]) == last


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/gone.png", "https://192.0.2.1/elsewhere.png"])
async def test_no_server_and_another_machine(sim: Simulator, url: str) -> None:
    message = await sent(sim, url)
    assert (message["status"], message["error_code"]) == ("failed", 11200)
    assert message["fetched"] == [{"url": url, "status": None, "bytes": 0, "content_type": ""}]


@pytest.mark.parametrize(
    ("urls", "code"), [(["nowhere"], 21620), (["https://shop.example/1.png"] * 11, 21623)], ids=["no address", "many"]
)
async def test_refused_addresses(sim: Simulator, urls: list[str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await sim.twilio.messages.create_async(to=CONSUMER, from_=LINE, body="look", media_url=urls)
    assert refused.value.code == code


async def test_one_file_of_a_message_can_be_shown(sim: Simulator) -> None:
    sid = (await sim.text(CONSUMER, LINE, "look", media=1))["ids"][0]
    (listed,) = await sim.twilio.messages(sid).media.list_async()
    shown = await sim.twilio.messages(sid).media(listed.sid).fetch_async()
    assert (shown.parent_sid, shown.content_type) == (sid, "image/png")
    login = (DEMO.twilio.sid, DEMO.twilio.auth_token)
    other = listed.uri.removesuffix(".json").replace(listed.sid, "ME" + "0" * 32)
    assert (await sim.http.get(other, auth=login)).status_code == 404
