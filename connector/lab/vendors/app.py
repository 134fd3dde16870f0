"""Composition: the vendors' websites, the script and the faults of a scenario, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from connector.base.clock import Clock, SystemClock
from connector.base.supervise import Supervisor
from connector.lab.people.script import Script
from connector.lab.vendors.availability import ArrangedTrouble, Availability, VendorListener
from connector.lab.vendors.behaviour import Behaviours
from connector.lab.vendors.control import Control
from connector.lab.vendors.exchange import Exchange
from connector.lab.vendors.faults import Faults, FaultScenario, VendorOutage
from connector.lab.vendors.hook_calls import Caller, HookTarget
from connector.lab.vendors.openmarket.api import OpenMarketApi
from connector.lab.vendors.openmarket.site import OpenMarketSite
from connector.lab.vendors.paced_clock import PacedClock
from connector.lab.vendors.phonebook import PhoneBook
from connector.lab.vendors.twilio.api import TwilioApi
from connector.lab.vendors.twilio.site import TwilioSite
from connector.lab.vendors.world import World


class Settings(Struct, frozen=True):
    """`port` 0 takes a free one; `pace` is the length of the script's, the carriers' and the faults' waits, 1 as in
    life; `clock` is what these are measured on.
    """

    data: Path
    world: World
    port: int = 0
    seed: int = 0
    pace: float = 1.0
    with_script: bool = True
    core: str | None = None
    scenario: FaultScenario = FaultScenario()
    clock: Clock = msgspec.field(default_factory=SystemClock)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Exchange]:
    """A simulator that listens on 127.0.0.1 until the block ends. Raises OSError for a taken port or a bad place."""
    clock = PacedClock(settings.clock, settings.pace)
    book = PhoneBook(settings.data / "simulator.json", clock)
    caller = Caller(clock)
    script = Script(settings.world.people if settings.with_script else ())
    website, side_door = VendorListener(settings.port), VendorListener()
    try:
        async with Supervisor() as tasks:
            exchange = Exchange(
                seed=settings.seed,
                world=settings.world,
                clock=clock,
                book=book,
                caller=caller,
                core=HookTarget(settings.core),
                behaviours=Behaviours(settings.world.special),
                faults=Faults(settings.scenario, settings.seed, book.next),
                door=Availability(website),
                tasks=tasks,
                hear=script.hear,
            )
            control = _build(exchange, website)
            side_door.add_routes(control.routes())
            try:
                for listener in (website, side_door):
                    await listener.setup()
                exchange.url, exchange.control_url = website.url, side_door.url
                script.start(exchange)
                for outage in settings.scenario.outages:
                    tasks.start("outage", _away(exchange, outage))
                yield exchange
            finally:
                for listener in (website, side_door):
                    await listener.cleanup()
                tasks.stop()
    finally:
        await caller.close()
        book.close()


def _build(exchange: Exchange, website: VendorListener) -> Control:
    twilio, openmarket = TwilioSite(exchange), OpenMarketSite(exchange)
    exchange.sites.extend((twilio, openmarket))
    control = Control(exchange, twilio.records)
    website.add_routes(control.routes())
    website.add_routes(TwilioApi(exchange, twilio).routes())
    website.add_routes(OpenMarketApi(exchange, openmarket).routes())
    return control


async def _away(exchange: Exchange, outage: VendorOutage) -> None:
    """Be away for a while, once the core is there to notice."""
    await exchange.core.known.wait()
    with exchange.going_on():
        await exchange.clock.sleep(outage.from_s)
        trouble = ArrangedTrouble(outage.how, outage.provider)
        exchange.faults.done[f"outage {outage.how}"] += 1
        await exchange.door.begin(trouble)
        await exchange.clock.sleep(outage.for_s)
        await exchange.door.end(trouble)
