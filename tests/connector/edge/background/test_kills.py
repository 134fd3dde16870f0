"""Ten kills in each state of a look-up: nothing is lost, doubled or given up, and the last life settles every reply.

A life is a store opened on the database and workers that run on it. Its end is that they are dropped: nothing they have
begun is recorded, and no lease is released, until the next life begins as a core does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.domain.message import Message
from connector.domain.status import Status
from connector.edge.background.workers import Workers
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Accepted, Candidates, LookUpResult, Outcome, Outgoing, Uncertain
from connector.services.routing import desks
from connector.services.work import LOOK_UP
from connector.store.ports import Reading, Store
from connector.store.sql.store import SqlStore
from tests.kit.stores import Place
from tests.kit.templates import copied
from tests.kit.use_cases import Office, consumer, rules

pytestmark = pytest.mark.slow

PATIENCE_S = 60.0
KILLS = 10
REPLIES = 3
STATES = ["waiting", "claimed", "call under way", "answered", "recorded"]


class Company(TwilioProvider):
    """A provider that takes every text and answers no send; its list has them all. It stops at a point of a look-up."""

    def __init__(self) -> None:
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32, auth_token=Secret("2" * 32), numbers=[], public_url="https://desk.example.com"
        )
        super().__init__("main", settings, OutboundClient())
        self.taken: list[str] = []
        self.look_ups = 0
        self.stops_at: str | None = None
        self.reached = asyncio.Event()

    async def send(self, message: Outgoing) -> Outcome:
        self.taken.append(message.message_id)
        await self._stop("sending")
        return Uncertain("The connection broke.")

    async def look_up(self, message: Outgoing) -> LookUpResult:
        await self._stop("claimed")
        self.look_ups += 1
        await self._stop("call under way")
        if self.stops_at == "recorded":
            return Uncertain("The list could not be read.")
        return Candidates(tuple(Accepted(f"SM{one}") for one in self.taken if one == message.message_id))

    async def _stop(self, point: str) -> None:
        if self.stops_at == point:
            self.reached.set()
            await asyncio.Event().wait()


class DyingStore:
    """The store as a core that is killed sees it: `answered` is the state in which no outcome is written any more."""

    def __init__(self, store: SqlStore, company: Company) -> None:
        self._store = store
        self._company = company

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def write(self, use_case: Callable[..., Any], then: Callable[[], None] | None = None) -> Any:
        if self._company.stops_at == "answered" and self._company.look_ups:
            self._company.reached.set()
            await asyncio.Event().wait()
        return await self._store.write(use_case, then)

    async def wait_for_change(self, *args: Any) -> int:
        if self._company.stops_at == "waiting":
            self._company.reached.set()
        return await self._store.wait_for_change(*args)


class Lives:
    """One core's database, and one life after the other on it."""

    def __init__(self, place: Place, first: SqlStore, folder: Path) -> None:
        self.place = place
        self.folder = folder
        self.company = Company()
        self.office = Office(first, rules(segments_per_s=1e9))

    async def live(self, stops_at: str | None, until: Callable[[], Any]) -> None:
        self.company.stops_at, self.company.look_ups = stops_at, 0
        self.company.reached.clear()
        store = await self.place.open()
        self.office.store = store
        await self.office.do(desks.release_node, self.office.node)
        async with Supervisor() as tasks, asyncio.timeout(PATIENCE_S):
            dying: Store = DyingStore(store, self.company)
            parts = CoreParts(
                config=Live(load(None)),
                clock=self.office.clock,
                node=self.office.node,
                store=dying,
                brand=self.office.live,
                providers=Live({"main": self.company}),
                pictures=PictureFiles(self.folder),
                tasks=tasks,
            )
            tasks.start("workers", Workers(parts, lambda _: None, lambda _: False).run())
            await until()
            tasks.stop()

    async def die(self, point: str) -> None:
        await self.live(point, self._recorded if point == "recorded" else self.company.reached.wait)

    async def _recorded(self) -> None:
        """None is due any more, and none under a lease."""
        now = self.office.now

        def is_recorded(reading: Reading) -> bool:
            unleased = [one.waiting for one in reading.work_depths(LOOK_UP, now)]
            return unleased == [REPLIES] and (reading.next_due(LOOK_UP, now) or 0) > now

        while not await self.office.store.read(is_recorded):
            await asyncio.sleep(0)

    async def until_due(self, kind: str) -> None:
        at = await self.due(kind)
        assert at is not None
        self.office.clock.advance(max(0, at - self.office.now) / 1000)

    async def due(self, kind: str) -> int | None:
        return await self.office.store.read(lambda reading: reading.next_due(kind, self.office.now))

    async def live_until(self, is_reached: Callable[[Message], bool], message_ids: list[str]) -> None:
        """A life in which all goes well, until this holds for each reply."""

        async def reached() -> None:
            while not all([is_reached(await self.office.message(one)) for one in message_ids]):
                await asyncio.sleep(0)

        await self.live(None, reached)


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    place = Place(copied(tmp_path / "textdesk.db"))
    made = Lives(place, await place.open(), tmp_path)
    await made.office.sign_in()
    yield made
    await place.close()


async def written(lives: Lives) -> list[str]:
    office = lives.office
    return [await office.reply(await office.text(consumer=consumer(number))) for number in range(REPLIES)]


def is_uncertain(message: Message) -> bool:
    return message.status is Status.UNCERTAIN


async def demand_all_settled(lives: Lives, message_ids: list[str]) -> None:
    await lives.until_due(LOOK_UP)
    await lives.live_until(lambda message: message.ref is not None, message_ids)
    messages = [await lives.office.message(one) for one in message_ids]
    assert [(one.status, one.ref) for one in messages] == [(Status.ACCEPTED, f"SM{one.id}") for one in messages]
    assert not any(one.is_unsettled for one in messages)
    assert sorted(lives.company.taken) == sorted(message_ids)  # each was sent once


@pytest.mark.parametrize("state", STATES)
async def test_ten_kills_in_one_state_of_a_look_up(lives: Lives, state: str) -> None:
    message_ids = await written(lives)
    await lives.live_until(is_uncertain, message_ids)
    for _ in range(KILLS):
        if state != "waiting":
            await lives.until_due(LOOK_UP)
        await lives.die(state)
    messages = [await lives.office.message(one) for one in message_ids]
    assert all(is_uncertain(one) for one in messages)
    # Ten answers that say nothing take hours, after which an agent is asked; the rest took no time.
    assert all(one.is_unsettled is (state == "recorded") for one in messages)
    await lives.until_due(LOOK_UP)
    await lives.die("recorded")
    if state != "recorded":  # that was the first answer: the kills count for nothing
        assert (await lives.due(LOOK_UP) or 0) - lives.office.now == 15_000
    await demand_all_settled(lives, message_ids)


async def test_ten_kills_during_sends_send_each_once(lives: Lives) -> None:
    message_ids = []
    for number in range(KILLS):
        await lives.office.sign_in()
        message_ids.append(await lives.office.reply(await lives.office.text(consumer=consumer(number))))
        await lives.die("sending")
    await lives.live_until(is_uncertain, message_ids)
    await demand_all_settled(lives, message_ids)
