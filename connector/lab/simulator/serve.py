"""Composition of the simulator: the vendors' websites, the scripted consumers and the faults of a scenario."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from connector.base.clock import Clock, SystemClock
from connector.base.supervise import Supervisor
from connector.lab.clocks import PacedClock
from connector.lab.people.consumer_script import ConsumerScript
from connector.lab.simulator.world import World
from connector.lab.vendors.availability import ActiveOutage, Availability
from connector.lab.vendors.context import VendorContext
from connector.lab.vendors.control_api import ControlApi
from connector.lab.vendors.fault_injector import FaultInjector
from connector.lab.vendors.fault_scenario import FaultScenario, VendorOutage
from connector.lab.vendors.hook_client import HookClient, HookTarget
from connector.lab.vendors.listener import VendorListener
from connector.lab.vendors.openmarket.api import OpenMarketApi
from connector.lab.vendors.openmarket.messaging import OpenMarketMessaging
from connector.lab.vendors.phonebook import PhoneBook
from connector.lab.vendors.send_behaviour import NumberRules
from connector.lab.vendors.twilio.api import TwilioApi
from connector.lab.vendors.twilio.messaging import TwilioMessaging


class SimulatorSettings(Struct, frozen=True):
    """`port` 0 takes a free one. `pace` scales the waits of consumers, carriers and faults on `clock`; 1 is real time.
    `core` is the address of the core's hooks, if it is known at the start.
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
async def run_simulator(settings: SimulatorSettings) -> AsyncIterator[VendorContext]:
    """A simulator on 127.0.0.1 until the block ends. Raises OSError for a port in use or an unusable directory."""
    clock = PacedClock(settings.clock, settings.pace)
    phonebook = PhoneBook(settings.data / "simulator.json", clock)
    hook_client = HookClient()
    script = ConsumerScript(settings.world.people if settings.with_script else ())
    website, control = VendorListener(settings.port), VendorListener()
    try:
        async with Supervisor() as tasks:
            context = VendorContext(
                seed=settings.seed,
                twilio=settings.world.twilio,
                openmarket=settings.world.openmarket,
                clock=clock,
                phonebook=phonebook,
                hook_client=hook_client,
                hook_target=HookTarget(settings.core),
                number_rules=NumberRules(settings.world.special),
                faults=FaultInjector(settings.scenario, settings.seed, phonebook.count),
                availability=Availability(website),
                tasks=tasks,
                on_delivered=script.hear,
            )
            control.add_routes(_add_vendors(context, website).routes())
            try:
                for listener in (website, control):
                    await listener.setup()
                context.url, context.control_url = website.url, control.url
                script.start(context)
                for outage in settings.scenario.outages:
                    tasks.start("outage", _run_outage(context, outage))
                yield context
            finally:
                for listener in (website, control):
                    await listener.cleanup()
                tasks.stop()
    finally:
        await hook_client.close()
        phonebook.close()


def _add_vendors(context: VendorContext, website: VendorListener) -> ControlApi:
    twilio, openmarket = TwilioMessaging(context), OpenMarketMessaging(context)
    context.vendors.extend((twilio, openmarket))
    control = ControlApi(context, twilio.records)
    website.add_routes(control.routes())
    website.add_routes(TwilioApi(context, twilio).routes())
    website.add_routes(OpenMarketApi(context, openmarket).routes())
    return control


async def _run_outage(context: VendorContext, outage: VendorOutage) -> None:
    """One outage of the scenario. Its time counts from the moment the core is known."""
    await context.hook_target.known.wait()
    with context.counted():
        await context.clock.sleep(outage.from_s)
        active = ActiveOutage(outage.how, outage.provider)
        context.faults.done[f"outage {outage.how}"] += 1
        await context.availability.begin(active)
        await context.clock.sleep(outage.for_s)
        await context.availability.end(active)
