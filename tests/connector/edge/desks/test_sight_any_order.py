"""Any order of texts, requests, rights that change and desks that come, go and resume: each desk holds at every moment
what its agent may see, and is never sent anything else.

`TESTS_ROUNDS=50 pytest -s` on this file plays fifty times as many days, and says how many steps those were.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from websockets.asyncio.client import unix_connect
from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from connector.base.supervise import Supervisor
from connector.domain.agent import Agent, Role, Sees
from connector.domain.conversation import ConversationState
from connector.domain.refusals import Refused
from connector.domain.rights import Rights, rights_of
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.edge.desks import feed as feeds
from connector.edge.desks import snapshot as snapshots
from connector.edge.desks.feed import Feed
from connector.edge.desks.snapshot import Snapshot, SnapshotPage
from connector.edge.desks.subscriber import Subscriber
from connector.providers.values import Accepted, DeliveryReceipt, InboundText, Rejected
from connector.services import save
from connector.services.agents.admission import Principal
from connector.services.conversations import listing
from connector.services.query import Query
from connector.services.sending import attempt_outcomes, outbox
from connector.services.unit_of_work import UnitOfWork
from connector.store.ports import Reading, Store
from connector.store.sql.store import open_store
from connector.wire import answers, frames, requests
from connector.wire.session import Resume, Session
from tests.kit.floor import Floor
from tests.kit.rounds import rounds
from tests.kit.sighted_desks import ModelDesk, Truth
from tests.kit.stores import LINE
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

PATIENCE_S = 60.0
THIRD_LINE = "+15550102"
LINES = {LINE: ("main", "orders"), OTHER_LINE: ("second", "orders"), THIRD_LINE: ("main", "refunds")}
SKILLS = Rules(SkillRules(undo_s=0, reopen_s=60, wrap_up_s=30, auto_close_s=900), known=("orders", "refunds"))
NAMES = ["ann", "bob", "cid"]
RIGHTS = st.fixed_dictionaries(
    {
        "skills": st.sampled_from([(), ("orders",), ("refunds",), ("orders", "refunds")]),
        "accounts": st.sampled_from([(), ("main",), ("second",)]),
        "sees": st.sampled_from([Sees.SKILLS, Sees.SKILLS, Sees.SKILLS, Sees.ACCOUNT, Sees.ALL]),
        "role": st.sampled_from([Role.AGENT, Role.LEAD, Role.LEAD, Role.ADMINISTRATOR]),
        "is_disabled": st.sampled_from([False, False, False, False, True]),
    }
)
WHO, NUMBER, WHICH = st.sampled_from(NAMES), st.integers(1, 6), st.integers(0, 9)
WAITING = (ConversationState.QUEUED, ConversationState.RINGING)
HELD, WRAP_UP, CLOSED = (ConversationState.ASSIGNED,), (ConversationState.WRAP_UP,), (ConversationState.CLOSED,)
SUITS: dict[str, tuple[ConversationState, ...]] = {
    **dict.fromkeys(("reply", "close", "give back", "give away", "read", "unread", "take over", "join", "leave"), HELD),
    "transfer": HELD,
    "transfer on": HELD,
    "accept": WAITING,
    "wrap up": WRAP_UP,
    "reopen": CLOSED,
    **dict.fromkeys(("note", "opt out", "opt in", "mention", "see mentions"), tuple(ConversationState)),
    "draft": HELD,
}
ASKED = st.sampled_from([*SUITS, *["reply"] * 4, *["transfer on"] * 3, "give back", "give away"])
KINDS: dict[st.SearchStrategy[tuple[Any, ...]], int] = {
    st.tuples(st.just("text"), NUMBER, st.sampled_from([*LINES]), st.sampled_from(["Hello"] * 5 + ["STOP"])): 6,
    st.tuples(st.just("ask"), WHO, WHICH, ASKED): 16,
    st.tuples(st.just("send"), st.sampled_from([True, True, False])): 4,
    st.tuples(st.just("receipt"), NUMBER, st.sampled_from([Status.DELIVERED, Status.UNDELIVERED])): 2,
    st.tuples(st.just("wait"), st.sampled_from([1, 31, 70, 300])): 1,
    st.tuples(st.just("rights"), WHO, RIGHTS): 1,
    st.tuples(st.just("connect"), WHICH): 3,
    st.tuples(st.just("drop"), WHICH): 2,
}
STEPS = st.sampled_from([kind for kind, weight in KINDS.items() for _ in range(weight)]).flatmap(lambda kind: kind)
counted: Counter[str] = Counter()


class BusyFeed(Feed):
    """Before each page of a snapshot is read, something else happens."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def _page(self, subscriber: Subscriber, read: Callable[[Reading], SnapshotPage]) -> SnapshotPage:
        if self.meanwhile is not None:
            await self.meanwhile()
        return await super()._page(subscriber, read)


class Floors:
    """A store, its feed, agents at work, and model desks of theirs."""

    def __init__(self, store: Store, feed: BusyFeed, path: Path) -> None:
        lines = [rules(address=line, account=account, skill=skill) for line, (account, skill) in LINES.items()]
        self.office = Office(store, *lines, skills=SKILLS)
        self.floor = Floor(self.office)
        self.truth = Truth(self.office)
        self.feed = feed
        self._happened = itertools.count()
        feed.meanwhile = self.happen
        self.desks = [
            ModelDesk(self.truth, NAMES[number % 3], with_others=bool(number % 2), takes_batches=bool(number % 5))
            for number in range(6)
        ]
        self.attached: dict[ModelDesk, tuple[Subscriber, asyncio.Task[None]]] = {}
        self._path = path
        self._accepted: asyncio.Queue[ServerConnection] = asyncio.Queue()

    async def serve(self, connection: ServerConnection) -> None:
        self._accepted.put_nowait(connection)
        await connection.wait_closed()
        self.feed.unsubscribe(connection)

    async def step(self, step: tuple[Any, ...]) -> None:
        office = self.office
        match step:
            case ("text", int(number), str(line), str(text)):
                await self.write(number, line, text)
            case ("ask", str(name), int(which), str(wish)):
                with suppress(Refused):
                    await self.ask(name, which, wish)
            case ("send", bool(succeeds)):
                for job, message in await office.do(outbox.claim, "n1", 9):
                    outcome = Accepted(f"ref of {message.message_id}") if succeeds else Rejected("21612", "No.")
                    await office.do(attempt_outcomes.record, job, outcome)
            case ("receipt", int(number), status):
                history = await office.store.read(lambda reading: reading.history(consumer(number), None, 50))
                for one in [one for one in history if one.status == Status.ACCEPTED][-1:]:
                    await office.take(DeliveryReceipt(status, str(status), message_id=one.id), account=one.account)
            case ("wait", int(seconds)):
                await self.floor.wait(seconds)
            case ("rights", str(name), dict(rights)):
                await self.truth.follow()
                await office.do(change_rights, name, rights)
                await self.truth.follow()  # each change by itself
            case ("connect", int(which)):
                await self.connect(self.desks[which % len(self.desks)])
            case ("drop", int(which)):
                await self.drop(self.desks[which % len(self.desks)])
        counted["steps"] += 1
        counted[f"step: {step[0]}"] += 1

    async def happen(self) -> None:
        number = next(self._happened)
        with suppress(Refused):
            match number % 3:
                case 0:
                    await self.write(1 + number % 6, [*LINES][number // 2 % 3], "Hello again")
                case 1:
                    await self.ask(NAMES[number % 2], number, "accept")
                case _:
                    await self.ask(NAMES[number % 2], number, "transfer on")

    async def write(self, number: int, line: str, text: str) -> None:
        arrival = InboundText(self.office.ids.new(), line, consumer(number), text)
        await self.office.take(arrival, account=LINES[line][0])

    async def ask(self, name: str, which: int, wish: str) -> None:
        snapshot = await self.office.store.read(lambda reading: reading.snapshot(self.office.now, 0))
        fitting = [one for one in snapshot.conversations if one.state in SUITS[wish]]
        if not fitting:
            return
        one = fitting[which % len(fitting)]
        commands: dict[str, requests.Request] = {
            "accept": requests.Accept(one.id),
            "reply": requests.Reply(one.id, "Hi", accept=True),
            "close": requests.Close(one.id),
            "wrap up": requests.WrapUp(one.id),
            "give back": requests.GiveBack(one.id),
            "give away": requests.Transfer(one.id, agent=NAMES[which % 3]),
            "transfer": requests.Transfer(one.id, skill=("orders", "refunds")[which % 2]),
            "transfer on": requests.Transfer(one.id, skill="orders" if one.skill == "refunds" else "refunds"),
            "take over": requests.TakeOver(one.id),
            "join": requests.Join(one.id),
            "leave": requests.Leave(one.id),
            "note": requests.WriteNote(one.id, "A note"),
            "mention": requests.WriteNote(one.id, f"A note for @{NAMES[which % 3]}"),
            "see mentions": requests.SeeMentions(one.id),
            "draft": requests.SaveDraft(one.id, f"A draft {which}"),
            "read": requests.MarkRead(one.id),
            "unread": requests.MarkUnread(one.id),
            "reopen": requests.Reopen(one.id),
            "opt out": requests.OptOut(one.consumer, "by phone"),
            "opt in": requests.OptIn(one.consumer, "by phone"),
        }
        if wish not in ("take over", "join", "reopen", "accept") and which % 4:
            name = (*one.joined[: wish == "leave"], one.agent or name)[0]
        await self.office.ask(commands[wish], name=name)
        counted[f"done: {wish}"] += 1

    async def connect(self, desk: ModelDesk) -> None:
        """Sign in, from a snapshot or where the desk was, while what follows happens."""
        if desk in self.attached:
            return
        store = self.office.store

        def stand(reading: Reading) -> tuple[Agent | None, int, int]:
            return reading.agent(desk.agent), reading.position(), reading.floor()

        client = await unix_connect(str(self._path), "ws://localhost/", compression=None)
        server = await self._accepted.get()
        agent, position, floor = await store.read(stand)
        assert agent is not None
        if agent.is_disabled:
            await client.close()
            return
        rights = rights_of(agent)
        person = Principal(agent.id, agent, is_administrator=False, way="a token")
        subscriber = Subscriber(server, rights, person, takes_batches=desk.takes_batches)
        self.feed.admit(subscriber)
        sign_in = frames.SignIn(1, "d", store=store.name, after=desk.position, rights=desk.rights)
        start = Session(store.name).start(sign_in, position, floor, rights.digest)
        counted[f"sign-in: {type(start).__name__}"] += 1
        desk.attach(client, server, agent, position)
        desk.rights = rights.digest
        if not isinstance(start, Resume):
            desk.position = None  # as the welcome says that a snapshot follows
        begun = asyncio.get_running_loop().create_task(self._begin(desk, subscriber, start))
        self.attached[desk] = subscriber, begun

    async def _begin(self, desk: ModelDesk, subscriber: Subscriber, start: object) -> None:
        with suppress(ConnectionClosed):
            if isinstance(start, Resume):
                after = start.after
            else:
                now, brand = self.office.now, self.office.live.current
                snapshot = Snapshot(subscriber.rights, brand, now, with_others=desk.with_others)
                after = await self.feed.send_snapshot(subscriber, snapshot)
            await self.feed.subscribe(subscriber, after)

    async def drop(self, desk: ModelDesk) -> None:
        if (attached := self.attached.pop(desk, None)) is not None:
            await desk.leave()
            await attached[1]
            await self.truth.follow()
            desk.fold_all()

    async def check(self) -> None:
        """Wait until every desk has what was sent to it. Those whose rights have changed sign in again."""
        for _, begun in [*self.attached.values()]:
            await begun
        await self.truth.follow()
        while self.feed.position < self.truth.position:
            await asyncio.sleep(0)
        for desk, (subscriber, _) in [*self.attached.items()]:
            await desk.settle()
            if not subscriber.has_ended:
                desk.demand_complete()
                desk.demand_listed(await self.listed(desk))
                continue
            await desk.ended()
            counted[f"closed: {desk.closed_with}"] += 1
            await self.drop(desk)
        counted["checks"] += 1
        for desk in self.desks:
            if desk not in self.attached and desk.closed_with == frames.CLOSE_RIGHTS_CHANGED:
                await self.connect(desk)

    async def listed(self, desk: ModelDesk) -> set[str]:
        rights = rights_of(self.truth.stored(desk.agent))
        found: set[str] = set()
        before: str | None = None
        more = True
        while more:
            page = await self.office.store.read(partial(self._page, rights=rights, before=before))
            assert not found & {one.id for one in page.conversations}
            found |= {one.id for one in page.conversations}
            before, more = (page.conversations[-1].id, page.more) if page.conversations else (None, False)
        return found

    def _page(self, reading: Reading, rights: Rights, before: str | None) -> answers.ConversationPage:
        query = Query(reading, self.office.brand, self.office.now, rights)
        return listing.page(query, requests.GetConversations(before, 2))


def change_rights(uow: UnitOfWork, name: str, rights: dict[str, Any]) -> None:
    agent = uow.tx.agents.get(name)
    assert agent is not None
    save.agent(uow, replace(agent, **rights))


@asynccontextmanager
async def floors(folder: Path) -> AsyncIterator[Floors]:
    store = await open_store(copied(folder / "textdesk.db"))
    async with Supervisor() as tasks:
        feed = BusyFeed(store, tasks)
        await feed.start()
        made = Floors(store, feed, folder / "desk.sock")
        tasks.start("feed", feed.run())
        async with unix_serve(made.serve, str(folder / "desk.sock"), compression=None):
            yield made
            for desk in [*made.attached]:
                await made.drop(desk)
        tasks.stop()
    await store.close()


async def play(folder: Path, days: list[list[tuple[Any, ...]]], first: list[dict[str, Any]]) -> None:
    async with floors(folder) as made:
        for name, rights in zip(NAMES, first, strict=True):
            await made.floor.come(name, capacity=2, **rights)
        for number, line in enumerate([*LINES] * 4):
            await made.step(("text", 1 + number % 6, line, "Hello"))
        for desk in made.desks:
            await made.connect(desk)
        for steps in days:
            for step in steps:
                await made.step(step)
            await made.check()
        counted.update(made.truth.counted)


@pytest.fixture(scope="module", autouse=True)
def told_how_many() -> Iterator[None]:
    yield
    print(f"\n{counted['steps']} steps; " + ", ".join(f"{what} {count}" for what, count in sorted(counted.items())))


ROUNDS = int(os.environ.get("TESTS_ROUNDS", "1"))


@pytest.fixture(scope="module", autouse=True)
def _small_pages() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(snapshots, "_PAGE", 2)
        patched.setattr(feeds, "_MOMENT_S", 0.0)
        patched.setattr(feeds, "_POSITIONS_EVERY_S", 0.0)
        yield


@settings(max_examples=ROUNDS * rounds(32), suppress_health_check=list(HealthCheck))
@given(
    days=st.lists(st.lists(STEPS, min_size=2, max_size=7), min_size=6, max_size=12),
    first=st.lists(RIGHTS.map(lambda rights: rights | {"is_disabled": False}), min_size=3, max_size=3),
)
def test_each_desk_holds_what_its_agent_may_see(days: list[list[tuple[Any, ...]]], first: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder), days, first))
