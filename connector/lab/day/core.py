"""The use cases of the real core on a clock that jumps: store, inbound, requests, presence, timers and outbox.

They are composed as in a running core. What differs: nothing waits, and there are no servers and background tasks;
the simulation calls what they would call.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.base.live import Live
from connector.base.secret import Secret
from connector.composition import brand_settings
from connector.config import file as config_file
from connector.domain.agent import Agent, Desk
from connector.domain.load import FULL_WEIGHT, OVERBOOKING
from connector.domain.pseudonyms import Pseudonyms
from connector.domain.refusals import Refused
from connector.domain.skill_rules import Rules
from connector.lab.day.checks import BrokenPromise
from connector.lab.day.provider import SimulatedProvider
from connector.lab.day.scenario import DayScenario
from connector.providers.settings import AccountSettings, NumberSettings
from connector.providers.values import InboundText
from connector.services.conversations import inbound, timers
from connector.services.on_call import watch, webhook
from connector.services.request_table import execute
from connector.services.routing import absence, desks
from connector.services.routing.staff_loads import staff_loads
from connector.services.sending import attempt_outcomes, outbox
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.services.work import SEND, WEBHOOK
from connector.store.on_call import WebhookEvent
from connector.store.ports import Store, Transaction
from connector.wire import answers, events, frames, requests

T = TypeVar("T")
P = ParamSpec("P")

# A third of the product's pace: most of an idle core's writes are renewals.
RENEW_EVERY_S = 30
_ACCOUNT = "main"
_NODE = "desks-1"
_LEASE_S = 3 * RENEW_EVERY_S
_EVER = 10**15  # later than any moment
_BATCH = 50
_FACTS = 400  # the most of one transaction; the store has as many at hand


class Cause(Struct, frozen=True):
    """What caused an event: a part of the core, for an agent. `said_at`: when the consumer pressed send."""

    part: str
    agent: str | None = None
    command: requests.Request | None = None
    said_at: int | None = None


OnEvent = Callable[[events.Event, Cause], None]


class SimulatedCore:
    """Every method is one transaction, committed when it returns. `on_event` gets all events in order."""

    def __init__(self, store: Store, clock: SteppingClock, scenario: DayScenario, rules: Rules, seed: int) -> None:
        self.store = store
        self.rules = rules
        self.provider = SimulatedProvider()
        self.next_timer: int | None = None
        self.desks: dict[str, Desk] = {}
        self.stopped_nodes: set[str] = set()  # they do not renew their leases
        self.highest_loads: dict[str, int] = {}  # by agent, when routing gave them something; in thousandths
        self.refused: Counter[str] = Counter()  # requests, by the code of their refusal
        self.on_event: OnEvent = lambda event, cause: None
        self._clock = clock
        self._ids = Ids(clock, random.Random(f"{seed} ids"))
        pseudonyms = Pseudonyms(Secret("of a simulated day"))
        brand = brand_settings(_config(scenario, rules), {_ACCOUNT: self.provider}, self._ids, pseudonyms)
        if brand.on_call is not None:
            brand = replace(brand, on_call=replace(brand.on_call, has_webhook=scenario.receiver is not None))
        self._brand = Live(brand)
        self._position = 0
        self._numbers = itertools.count(1)
        self._unsent: set[str] = set()

    @property
    def now(self) -> int:
        return self._clock.now()

    async def receive(self, line: str, consumer: str, text: str, said_at: int) -> None:
        """Take in a consumer's text."""
        arrival = InboundText(ref=f"in-{next(self._numbers)}", line=line, consumer=consumer, text=text)
        await self._do(Cause("inbound", said_at=said_at), inbound.take_arrivals, _ACCOUNT, [arrival])

    async def request(self, agent: str, command: requests.Request) -> answers.Answer:
        """Raises Refused."""
        key = f"request {next(self._numbers)}"
        try:
            return await self._do(Cause("request", agent, command), execute, agent, key, command)
        except Refused as refused:
            self.refused[refused.code] += 1
            raise

    async def sign_in(self, agent: Agent, node: str) -> str:
        """The id of the desk."""
        desk = Desk(self._ids.new(), agent.id, node, self.now + _LEASE_S * 1000)
        self.desks[desk.id] = desk
        await self._do(Cause("sign in", agent.id), desks.connect, agent, desk)
        return desk.id

    async def sign_off(self, desk_id: str) -> None:
        desk = self.desks.pop(desk_id)
        await self._do(Cause("sign off", desk.agent), desks.disconnect, desk.id, desk.agent)

    async def restart(self, node: str) -> None:
        """Start a stopped core again, without the desks it had."""
        self.stopped_nodes.discard(node)
        self.desks = {key: desk for key, desk in self.desks.items() if desk.node != node}
        await self._do(Cause("restart"), desks.release_node, node)

    async def renew_leases(self) -> None:
        """Renew the leases of all running cores' desks, and end those of stopped ones."""
        until = self.now + _LEASE_S * 1000
        held = [replace(desk, lease_until=until) for desk in self.desks.values() if desk.node not in self.stopped_nodes]
        await self._do(Cause("leases"), absence.maintain, held)

    async def run_timers(self) -> int:
        """The number of conversations whose timers have run."""
        return await self._do(Cause("timers"), timers.run, _BATCH)

    async def send(self) -> int | None:
        """Send what is due, and return the moment to look again; None when nothing waits."""
        while self._unsent:
            begun = await self._do(Cause("outbox"), outbox.claim, _NODE, _BATCH)
            if not begun:
                return await self.store.read(lambda reading: reading.next_due(SEND, self.now))
            for work, message in begun:
                await self._do(Cause("outbox"), attempt_outcomes.record, work, self.provider.send(message))
        return None

    async def know(self, agents: Iterable[Agent]) -> None:
        """Store agents who have no desk yet."""
        await self._do(Cause("agents"), _save_agents, [*agents])

    async def look_at_alerts(self) -> None:
        now, brand = self.now, self._brand.current
        if await self.store.read(lambda reading: watch.has_changed(reading, brand, now, {})):
            await self._do(Cause("on call"), watch.look, {})

    async def post_due(self, receive: Callable[[WebhookEvent], str]) -> None:
        """Post what is due of the webhook. `receive` returns why it is not taken; empty: it is."""
        while (at := await self.store.read(lambda reading: reading.next_due(WEBHOOK, self.now))) is not None:
            claimed = await self._do(Cause("webhook"), webhook.claim, _NODE) if at <= self.now else None
            if claimed is None:
                return
            job, event = claimed
            if words := receive(event):
                await self._do(Cause("webhook"), webhook.failed, job, event, words)
            else:
                await self._do(Cause("webhook"), webhook.taken, job)

    async def waiting_posts(self) -> int:
        return (await self.store.read(webhook.state)).waiting

    async def _do(
        self, cause: Cause, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        run = in_unit_of_work(self._brand, self.now, use_case, *args, **named)

        def with_next_timer(tx: Transaction) -> tuple[T, int | None]:
            value = run(tx)
            first = tx.conversations.due_timers(_EVER, 1)
            return value, first[0].timer_at if first else None

        value, self.next_timer = await self.store.write(with_next_timer)
        rows = await self.store.facts_after(self._position, _FACTS)
        committed = [frames.decode_event(row.fact.body) for row in rows]
        if rows:
            self._position = rows[-1].position
        self._count_unsent(committed)
        if given := _given_by_routing(committed, cause):
            await self._check_loads(given)
        for event in committed:
            self.on_event(event, cause)
        return value

    def _count_unsent(self, committed: Iterable[events.Event]) -> None:
        for event in committed:
            if isinstance(event, events.ReplyWritten):
                self._unsent.add(event.message.id)
            elif isinstance(event, events.StatusMoved) and event.status not in ("queued", "sending"):
                self._unsent.discard(event.message_id)

    async def _check_loads(self, agents: Sequence[str]) -> None:
        """Raises BrokenPromise when one of these agents has more than fits."""
        now = self.now
        for one in (await self.store.write(lambda tx: staff_loads(tx, now))).candidates():
            if one.agent.id in agents:
                self.highest_loads[one.agent.id] = max(self.highest_loads.get(one.agent.id, 0), one.load)
                capacity = one.agent.capacity * FULL_WEIGHT
                if one.load > capacity + OVERBOOKING:
                    raise BrokenPromise(f"routing gave {one.agent.id} more than fits: {one.load} of {capacity}")


def _save_agents(uow: UnitOfWork, agents: Sequence[Agent]) -> None:
    for agent in agents:
        uow.tx.agents.save(agent)


def _config(scenario: DayScenario, rules: Rules) -> config_file.Config:
    numbers = [NumberSettings(address=line.address, skill=line.skill) for line in scenario.lines]
    account = AccountSettings(public_url="https://sms.example.com", numbers=numbers)
    config = replace(config_file.load(None), accounts={_ACCOUNT: account}, routing=scenario.routing, rules=rules)
    return replace(config, on_call=scenario.on_call)


def _given_by_routing(committed: Iterable[events.Event], cause: Cause) -> list[str]:
    """Agents to whom routing has assigned a conversation, or alone offered it. What agents accept or transfer has no
    limit."""
    if isinstance(cause.command, requests.Accept):
        return []
    given = []
    to_agents = {
        one.conversation.id for one in committed if isinstance(one, events.ConversationTransferred) and one.to_agent
    }
    for event in committed:
        if isinstance(event, events.ConversationAssigned) and event.conversation.agent:
            given.append(event.conversation.agent)
        elif isinstance(event, events.ConversationRang) and len(event.conversation.rings) == 1:
            given += [] if event.conversation.id in to_agents else event.conversation.rings
    return given
