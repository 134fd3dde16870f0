"""Composition: the vendors' websites and the script, on one loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from msgspec import Struct

from connector.clock import SystemClock
from connector.simulator.behaviour import Behaviours
from connector.simulator.calls import Caller, Core
from connector.simulator.control import Control
from connector.simulator.exchange import Exchange, PacedClock
from connector.simulator.openmarket_api import OpenMarketApi
from connector.simulator.openmarket_site import OpenMarketSite
from connector.simulator.phonebook import PhoneBook
from connector.simulator.script import Script
from connector.simulator.twilio_api import TwilioApi
from connector.simulator.twilio_site import TwilioSite
from connector.simulator.world import World
from connector.supervise import Supervisor

# A held call ends when its caller hangs up, and must not keep a stopping simulator.
_GOODBYE_S = 0.5


class Settings(Struct, frozen=True):
    """`port` 0 takes a free one; `pace` is the length of the script's and the carriers' waits, 1 as in life."""

    data: Path
    world: World
    port: int = 0
    seed: int = 0
    pace: float = 1.0
    with_script: bool = True
    core: str | None = None


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Exchange]:
    """A simulator that listens on 127.0.0.1 until the block ends. Raises OSError for a taken port or a bad place."""
    clock = SystemClock()
    book = PhoneBook(settings.data / "simulator.json", clock)
    caller = Caller(clock)
    script = Script(settings.world.people if settings.with_script else ())
    try:
        async with Supervisor() as tasks:
            exchange = Exchange(
                seed=settings.seed,
                world=settings.world,
                clock=PacedClock(clock, settings.pace),
                book=book,
                caller=caller,
                core=Core(settings.core),
                behaviours=Behaviours(settings.world.special),
                tasks=tasks,
                hear=script.hear,
            )
            runner = web.AppRunner(_website(exchange), access_log=None, shutdown_timeout=_GOODBYE_S)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", settings.port).start()
                exchange.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
                script.start(exchange)
                yield exchange
            finally:
                await runner.cleanup()
                tasks.stop()
    finally:
        await caller.close()
        book.close()


def _website(exchange: Exchange) -> web.Application:
    twilio, openmarket = TwilioSite(exchange), OpenMarketSite(exchange)
    exchange.sites.extend((twilio, openmarket))
    website = web.Application()
    website.add_routes(Control(exchange).routes())
    website.add_routes(TwilioApi(exchange, twilio).routes())
    website.add_routes(OpenMarketApi(exchange, openmarket).routes())
    return website
