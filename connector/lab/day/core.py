"""The real core's parts around a clock that jumps: the store, the use cases, timers, leases and the outbox.

It is composed as `connector.app` does it, with two differences: nothing waits, and the provider is a variable.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.domain.agent import Agent, Desk
from connector.domain.load import FULL_WEIGHT, OVERBOOKING
from connector.domain.refusals import Refused
from connector.domain.skills import Rules
from connector.lab.day.checks import Broken
from connector.lab.day.scenario import DayScenario
from connector.providers.values import Accepted, InboundText, Outcome, TryLater
from connector.services.conversations import timers
from connector.services.conversations.inbound import Inbound
from connector.services.requests import Command, DeskRequests
from connector.services.routing import presence
from connector.services.routing.placement import floor
from connector.services.sending.outbox import Outbox
from connector.services.sending.reply import SEND
from connector.services.settings import BrandSettings, LineSettings
from connector.store.ports import Store, Transaction
from connector.wire import answers, events, frames, requests

T = TypeVar("T")

ACCOUNT = "main"
# As the product does it, at a third of the pace: renewing is most of what an idle core writes.
KEEP_S = 30
_LEASE_S = 3 * KEEP_S
_EVER = 10**15  # later than any moment
_AT_ONCE = 50
_FACTS = 400  # that one transaction may tell; the store keeps as many at hand


class Cause(Struct, frozen=True):
    """Why something happened: which part of the core did it, for whom. `said_at`: when the consumer pressed send."""

    part: str
    agent: str | None = None
    command: Command | None = None
    said_at: int | None = None


Hear = Callable[[events.Event, Cause], None]


class SimulatedCore:
    """Every method is one transaction, committed when it returns; `hear` is told what desks are told, in order."""

    def __init__(self, store: Store, clock: SteppingClock, scenario: DayScenario, rules: Rules, seed: int) -> None:
        self.store = store
        self.rules = rules
        self.next_timer: int | None = None
        self.is_provider_out = False
        self.desks: dict[str, Desk] = {}
        self.dead: set[str] = set()  # nodes that do not renew what they hold
        self.highest: dict[str, int] = {}  # the most that somebody had when routing gave them something, in thousandths
        self.refused: Counter[str] = Counter()  # requests, by the code of their refusal
        self.hear: Hear = lambda event, cause: None
        self._clock = clock
        self._ids = Ids(clock, random.Random(f"{seed} ids"))
        lines = {line.address: _line_settings(line.address, line.skill) for line in scenario.lines}
        self._brand = BrandSettings(self._ids, lines, rules, scenario.routing.away_reasons, scenario.routing.outcomes)
        self._inbound = Inbound(self._brand)
        self._outbox = Outbox(self._ids, "desks-1", lines)
        self._requests = DeskRequests(self._brand)
        self._position = 0
        self._numbers = itertools.count(1)
        self._unsent: set[str] = set()

    @property
    def now(self) -> int:
        return self._clock.now()

    async def take(self, line: str, consumer: str, text: str, said_at: int) -> None:
        arrival = InboundText(ref=f"in-{next(self._numbers)}", line=line, consumer=consumer, text=text)

        def take(tx: Transaction) -> None:
            self._inbound.take_arrivals(tx, ACCOUNT, [arrival], self.now)

        await self._do(take, Cause("inbound", said_at=said_at))

    async def ask(self, agent: str, command: Command) -> answers.Answer:
        """Raises Refused."""
        key = f"request {next(self._numbers)}"
        cause = Cause("request", agent, command)
        try:
            return await self._do(lambda tx: self._requests.carry_out(tx, agent, key, command, self.now), cause)
        except Refused as no:
            self.refused[no.code] += 1
            raise

    async def sign_in(self, agent: Agent, node: str) -> str:
        """The id of the desk."""
        desk = Desk(self._ids.new(), agent.id, node, self.now + _LEASE_S * 1000)
        self.desks[desk.id] = desk
        await self._do(lambda tx: presence.sign_in(tx, self._brand, agent, desk, self.now), Cause("sign in", agent.id))
        return desk.id

    async def sign_off(self, desk_id: str) -> None:
        desk = self.desks.pop(desk_id)
        cause = Cause("sign off", desk.agent)
        await self._do(lambda tx: presence.sign_off(tx, desk.id, desk.agent, self.now), cause)

    async def restart(self, node: str) -> None:
        """A core that had died is back, without the desks it held."""
        self.dead.discard(node)
        self.desks = {key: desk for key, desk in self.desks.items() if desk.node != node}
        await self._do(lambda tx: presence.take_over(tx, node, self.now), Cause("restart"))

    async def keep(self) -> None:
        """What every core does now and then."""
        until = self.now + _LEASE_S * 1000
        held = [replace(desk, lease_until=until) for desk in self.desks.values() if desk.node not in self.dead]

        def keep(tx: Transaction) -> None:
            presence.renew(tx, self._brand, held, self.now)
            presence.sweep(tx, self._brand, self.now)

        await self._do(keep, Cause("keep"))

    async def run_timers(self) -> int:
        """For how many conversations something has happened."""
        return await self._do(lambda tx: timers.run(tx, self._brand, self.now, _AT_ONCE), Cause("timers"))

    async def send(self) -> int | None:
        """Send what is due, and say when to look again; None when nothing waits."""
        now = self.now
        while self._unsent:
            begun = await self._do(lambda tx: self._outbox.begin(tx, _AT_ONCE, now), Cause("outbox"))
            if not begun:
                return await self.store.read(lambda reading: reading.next_due(SEND, now))
            for work, message in begun:
                outcome: Outcome = Accepted(ref=f"out-{message.message_id}")
                if self.is_provider_out:
                    outcome = TryLater("The provider does not answer.")
                record = partial(self._outbox.record, work=work, outcome=outcome, now=now)
                await self._do(record, Cause("outbox"))
        return None

    async def _do(self, use_case: Callable[[Transaction], T], cause: Cause) -> T:
        def whole(tx: Transaction) -> tuple[T, int | None]:
            value = use_case(tx)
            first = tx.conversations.due_timers(_EVER, 1)
            return value, first[0].timer_at if first else None

        value, self.next_timer = await self.store.write(whole)
        rows = await self.store.facts_after(self._position, _FACTS)
        told = [frames.decode_event(row.fact.body) for row in rows]
        if rows:
            self._position = rows[-1].position
        self._count_unsent(told)
        if given := _given_by_routing(told, cause):
            await self._check_places(given)
        for event in told:
            self.hear(event, cause)
        return value

    def _count_unsent(self, told: Iterable[events.Event]) -> None:
        for event in told:
            if isinstance(event, events.ReplyWritten):
                self._unsent.add(event.message.id)
            elif isinstance(event, events.StatusMoved) and event.status not in ("queued", "sending"):
                self._unsent.discard(event.message_id)

    async def _check_places(self, given: Sequence[str]) -> None:
        now = self.now
        for one in (await self.store.write(lambda tx: floor(tx, now))).candidates():
            if one.agent.id in given:
                self.highest[one.agent.id] = max(self.highest.get(one.agent.id, 0), one.load)
                if one.load > one.agent.capacity * FULL_WEIGHT + OVERBOOKING:
                    raise Broken(
                        f"routing gave {one.agent.id} more than fits: {one.load} of {one.agent.capacity * FULL_WEIGHT}"
                    )


def _given_by_routing(told: Iterable[events.Event], cause: Cause) -> list[str]:
    """Whom routing has given a conversation, or at whom alone it rings. Agents may take and hand over as many as they
    like."""
    if isinstance(cause.command, requests.Accept):
        return []
    given = []
    by_name = {one.conversation.id for one in told if isinstance(one, events.ConversationTransferred) and one.to_agent}
    for event in told:
        if isinstance(event, events.ConversationAssigned) and event.conversation.agent:
            given.append(event.conversation.agent)
        elif isinstance(event, events.ConversationRang) and len(event.conversation.rings) == 1:
            given += [] if event.conversation.id in by_name else event.conversation.rings
    return given


def _line_settings(address: str, skill: str) -> LineSettings:
    return LineSettings(
        address=address,
        account=ACCOUNT,
        skill=skill,
        public_url="https://sms.example.com",
        segments_per_s=10.0,
        is_polled=False,
        fetches_pictures=False,
        most_pictures=0,
        cannot_answer=lambda _: None,
    )
