"""The run of one scenario: consumers text and a scripted agent answers, until every message has settled."""

from __future__ import annotations

import os
import random
import socket
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
from msgspec import Struct

from connector.base.clock import SystemClock
from connector.client.core_address import CoreAddress
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.lab.child_process import ChildProcess
from connector.lab.clocks import FastClock
from connector.lab.faults.comparison import Comparison, compare
from connector.lab.people.agent import ScriptedAgent
from connector.lab.simulator import core_config as demo
from connector.lab.simulator.serve import SimulatorSettings, run_simulator
from connector.lab.simulator.world import DEMO, World
from connector.lab.vendors import fault_scenario as faults
from connector.lab.vendors.context import VendorContext
from connector.wire import administration, answers, events, frames, limits, requests
from connector.wire.views import MessageView

_AREAS = (404, 702, 713, 808, 213, 305, 512, 602, 704, 801)  # not those of the demo's own people
_QUIET_S = 0.5
# By the fast clock: longer than between a core's first four look-ups, and than an account is paused.
_PATIENCE_S = 300


class RunSettings(Struct, frozen=True):
    """`speed`: how many times as fast as the machine's time."""

    consumers: int = 12
    seed: int = 0
    speed: float = 20.0


class ScenarioResult(Struct, frozen=True):
    """`faults`: how often each happened; `took_s`: by the machine's clock."""

    scenario: str
    comparison: Comparison
    faults: dict[str, int]
    took_s: float


async def run_scenario(name: str, settings: RunSettings) -> ScenarioResult:
    """Run a scenario by its name or file. Raises Failure."""
    try:
        scenario = faults.load(name)
    except ValueError as error:
        raise CommandFailed(str(error), os.EX_USAGE) from None
    wall = SystemClock()
    since = wall.now()
    with tempfile.TemporaryDirectory(prefix="textdesk-faults-") as directory:
        vendors = SimulatorSettings(
            data=Path(directory, "vendors"),
            world=_crowd(settings.consumers),
            seed=settings.seed,
            scenario=scenario,
            clock=FastClock(settings.speed, since),
        )
        async with run_simulator(vendors) as simulator:
            comparison = await _run(simulator, vendors.world, Path(directory), settings, since)
            done = dict(simulator.faults.done)
    return ScenarioResult(Path(name).stem, comparison, done, round((wall.now() - since) / 1000, 1))


async def _run(
    simulator: VendorContext, world: World, directory: Path, settings: RunSettings, since: int
) -> Comparison:
    config, data = directory / "faults.toml", directory / "data"
    demo.write(config, world, _free_port(), simulator.url)
    async with AsyncExitStack() as stack:
        core = await ChildProcess.start(
            "The core",
            directory / "core.log",
            *("connector.lab.faults.fast_core", "--config", str(config), "--data", str(data)),
            *("--speed", str(settings.speed), "--since", str(since)),
        )
        stack.push_async_callback(core.stop)
        ready = await core.ready()
        link = await stack.enter_async_context(Link(CoreAddress(data, agent=demo.AGENT), role="desk"))
        observer = _DeskObserver()
        agent = ScriptedAgent(link, random.Random(settings.seed), 1 / settings.speed, observer.on_event)
        simulator.hook_target.move_to(ready["hooks"])
        comparison = await _settle(simulator, link, agent, observer)
        if comparison.lost:
            # An outage during which the core sent nothing shows only in the daily pass through the provider's list.
            await link.ask(administration.Recover(world.twilio.name, since))
            comparison = await _settle(simulator, link, agent, observer)
        return comparison


async def _settle(simulator: VendorContext, link: Link, agent: ScriptedAgent, observer: _DeskObserver) -> Comparison:
    """Let the agent work until nothing happens and nothing is violated, or for so long after the last event."""
    comparison: Comparison | None = None
    last_at = simulator.clock.now()
    while comparison is None or comparison.violations:
        count = observer.count
        await agent.work(_QUIET_S)
        now = simulator.clock.now()
        if observer.count != count or simulator.under_way:
            last_at = now
            continue
        shown = [message for known in observer.conversations.values() for message in await _history(link, known)]
        comparison = compare(simulator.phonebook.messages(), shown, len(observer.uncertain))
        if now - last_at > _PATIENCE_S * 1000:
            break
    return comparison


class _DeskObserver:
    """What a desk receives: a conversation of every consumer, and replies that were uncertain at some time."""

    def __init__(self) -> None:
        self.count = 0
        self.conversations: dict[str, str] = {}
        self.uncertain: set[str] = set()

    def on_event(self, frame: frames.EventFrame) -> None:
        self.count += 1
        match frame.body:
            case events.MessageReceived(message=message):
                self.conversations[message.consumer] = message.conversation_id
            case events.StatusMoved(message_id=message_id, status="uncertain"):
                self.uncertain.add(message_id)
            case _:
                pass


async def _history(link: Link, conversation: str) -> list[MessageView]:
    messages: list[MessageView] = []
    more = True
    while more:
        before = messages[0].id if messages else None
        answer = await link.ask(requests.GetHistory(conversation, before=before, limit=limits.PAGE_SIZE))
        assert isinstance(answer, answers.History)
        messages[:0] = answer.messages
        more = answer.more
    return messages


def _crowd(consumers: int) -> World:
    """The demo's world with so many consumers, who repeat the demo's stories."""
    people = list(DEMO.people)
    while len(people) < consumers:
        place = len(people)
        model = people[place % len(DEMO.people)]
        number = f"+1{_AREAS[place // 100 % len(_AREAS)]}55501{place % 100:02}"  # a range kept for fiction
        people.append(msgspec.structs.replace(model, number=number))
    return msgspec.structs.replace(DEMO, people=tuple(people[:consumers]), special=())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
