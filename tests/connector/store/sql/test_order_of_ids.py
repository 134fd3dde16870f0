"""The order of ids is the order of storing, whatever the clock does, and whichever core gives them."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.base.clock import SteppingClock
from connector.base.ids import Ids
from connector.base.live import Live
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.sql.store import SqlStore
from tests.kit.pseudonyms import PSEUDONYMS
from tests.kit.stores import Place, consent, fact, told
from tests.kit.use_cases import PLAIN

HOUR_S, DAY_S = 3600, 24 * 3600


class OneCore:
    """A core's generator of ids, on a clock of its own."""

    def __init__(self, store: SqlStore, seed: int) -> None:
        self.store = store
        self.clock = SteppingClock()
        brand = BrandSettings(Ids(self.clock, random.Random(seed)), {}, PLAIN, PSEUDONYMS)
        self.live = Live(brand)

    async def record(self) -> str:
        return await self.store.write(in_unit_of_work(self.live, self.clock.now(), _record))


def _record(uow: UnitOfWork) -> str:
    entry = consent(id=uow.brand.ids.new(), at=uow.now)
    uow.tx.consent.append(entry)
    uow.tx.facts.append([fact(body=entry.id.encode())])
    return str(entry.id)


@pytest.mark.parametrize("step_s", [-HOUR_S, HOUR_S, DAY_S])
async def test_ids_never_go_back(place: Place, step_s: int) -> None:
    given = []
    for restart in range(2):  # with generators that remember nothing
        cores = [OneCore(store, restart * 2 + number) for number, store in enumerate(await place.cores(2))]
        for ahead_s in (0, step_s, 0):
            cores[1].clock.advance(ahead_s - (cores[1].clock.now() - cores[0].clock.now()) / 1000)
            for core in (*cores, *cores):
                given.append(await core.record())
    assert given == sorted(given)
    assert len(set(given)) == len(given)
    stored = await cores[0].store.write(lambda tx: tx.latest_id)
    assert stored == given[-1]


async def test_of_cores_that_write_at_the_same_time_the_order_of_ids_is_that_of_commits(place: Place) -> None:
    cores = [OneCore(store, number) for number, store in enumerate(await place.cores(3))]
    for number, core in enumerate(cores):
        core.clock.advance(number * HOUR_S)
    await asyncio.gather(*(core.record() for _ in range(30) for core in cores))
    told_ids = [row.fact.body for row in await told(cores[0].store)]
    assert len(set(told_ids)) == 90
    assert told_ids == sorted(told_ids)


async def test_what_is_rolled_back_gives_no_id(store: SqlStore) -> None:
    core = OneCore(store, 1)
    first = await core.record()

    def fail(uow: UnitOfWork) -> None:
        _record(uow)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await store.write(in_unit_of_work(core.live, core.clock.now(), fail))
    assert await store.write(lambda tx: tx.latest_id) == first
    assert first < await core.record()


@settings(max_examples=5, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(-DAY_S, DAY_S)), max_size=8))
def test_generators_that_follow_one_another_never_go_back(steps: list[tuple[int, int]]) -> None:
    clocks = [SteppingClock() for _ in range(3)]
    generators = [Ids(clock, random.Random(number)) for number, clock in enumerate(clocks)]
    latest = ""
    for core, step_s in steps:
        clocks[core].advance(step_s)
        generators[core].follow(latest)
        new = generators[core].new()
        assert new > latest
        latest = new
