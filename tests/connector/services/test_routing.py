"""Who waits is placed by whatever makes a place free, however many wait, and not by what the consumer writes next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from connector.clock import SystemClock
from connector.domain.values import Conversation, ConversationState, Line
from connector.ids import Ids
from connector.providers.base import Arrival, InboundText
from connector.services import presence
from connector.services.inbound import Inbound
from connector.store.base import Transaction
from connector.store.sql import SqlStore, open_store
from tests.kit.stores import LINE, NOW, agent, desk, told

CROWD = 120  # more than are looked at at once
OTHER = "+15550101"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    store = await open_store(tmp_path / "textdesk.db")
    yield store
    await store.close()


async def text(store: SqlStore, line: str, consumers: range, body: str = "Hello") -> None:
    lines = {("main", LINE): Line(LINE, "main", "orders"), ("main", OTHER): Line(OTHER, "main", "returns")}
    inbound = Inbound(Ids(SystemClock()), lines, fetching=frozenset())
    arrivals: list[Arrival] = [InboundText(f"{line} {n} {body}", line, f"+1777{n:07}", body) for n in consumers]
    await store.write(lambda tx: inbound.take_arrivals(tx, "main", arrivals, NOW))


async def open_ones(store: SqlStore) -> list[Conversation]:
    return [*(await store.read(lambda reading: reading.snapshot(NOW, NOW + 1))).conversations]


async def assigned(store: SqlStore) -> dict[str, int]:
    return await store.read(lambda reading: reading.loads())


def sign_in(tx: Transaction, name: str = "ann", skills: tuple[str, ...] = (), capacity: int = 2 * CROWD) -> None:
    who = agent(id=name, skills=skills, capacity=capacity)
    presence.sign_in(tx, who, desk(id=name, agent=name), NOW)


async def test_a_crowd_that_waited_is_placed_with_who_comes(store: SqlStore) -> None:
    await text(store, LINE, range(CROWD))
    assert await assigned(store) == {}
    await store.write(sign_in)
    assert await assigned(store) == {"ann": CROWD}


async def test_a_crowd_that_nobody_can_answer_does_not_hold_up_the_others(store: SqlStore) -> None:
    await text(store, OTHER, range(CROWD))
    await text(store, LINE, range(CROWD, CROWD + 3))
    await store.write(partial(sign_in, skills=("orders",)))
    assert await assigned(store) == {"ann": 3}


async def test_what_a_waiting_consumer_writes_next_places_nobody_and_is_told_once(store: SqlStore) -> None:
    await text(store, LINE, range(3))
    before = len(await told(store))
    await text(store, LINE, range(3), "Hello?")
    assert [row.fact.kind for row in (await told(store))[before:]] == ["message_received"] * 3
    assert {one.state for one in await open_ones(store)} == {ConversationState.QUEUED}
    await store.write(sign_in)
    assert await assigned(store) == {"ann": 3}


async def test_who_comes_takes_as_many_as_they_have_places_for(store: SqlStore) -> None:
    await text(store, LINE, range(CROWD))
    await store.write(partial(sign_in, capacity=70))
    await store.write(partial(sign_in, name="bob", capacity=40))
    assert await assigned(store) == {"ann": 70, "bob": 40}
