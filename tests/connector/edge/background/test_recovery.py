"""Recovery goes on from where it ended last, and is retried soon when the provider could not be asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.domain.refusals import Refused
from connector.edge.background.recovery import RecoveryTask
from connector.providers.base import Provider
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.provider import TwilioProvider
from connector.providers.values import Arrival, CallFailed, InboundText
from connector.services.unit_of_work import UnitOfWork
from connector.store.marks import MarkKey
from connector.store.sql.store import SqlStore
from connector.wire.refusals import RefusalCode
from tests.kit.clocks import WatchedClock
from tests.kit.stores import LINE
from tests.kit.use_cases import Office, consumer

PATIENCE_S = 60.0
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 24 * 3_600_000


class Company(TwilioProvider):
    """A provider whose message list is a Python list, and may break off."""

    def __init__(self) -> None:
        settings = TwilioProvider.Settings(
            account_sid="AC" + "1" * 32, auth_token=Secret("2" * 32), numbers=[], public_url="https://desk.example.com"
        )
        super().__init__("main", settings, OutboundClient())
        self.asked: list[int] = []
        self.listed: list[InboundText] = []
        self.breaks_after: int | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def list_since(self, since: int) -> AsyncIterator[Arrival]:
        self.asked.append(since)
        await self.answers.wait()
        for number, one in enumerate(self.listed):
            if number == self.breaks_after:
                raise CallFailed("The connection broke.")
            yield one


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await condition():
                await asyncio.sleep(0)
    except TimeoutError:
        raise AssertionError(f"waited for {what}") from None


RECOVERED = MarkKey.recovered_until("main")


class Running:
    """A recovery task on a clock moved by hand."""

    def __init__(self, store: SqlStore) -> None:
        self.office = Office(store)
        self.office.clock = self.clock = WatchedClock()
        self.company = Company()
        self.providers: Live[Mapping[str, Provider]] = Live({"main": self.company})
        self.recovery = RecoveryTask(store, self.office.live, self.providers, self.office.clock)

    async def mark(self, key: MarkKey = RECOVERED) -> int | None:
        return await self.office.store.read(lambda reading: reading.mark(key))

    async def until_marked(self, at: int) -> None:
        async def is_marked() -> bool:
            return await self.mark() == at and self.clock.sleepers == 1

        await until(is_marked, f"the mark {at}")

    async def until_asked(self, times: int) -> None:
        async def is_asked() -> bool:
            return len(self.company.asked) >= times

        await until(is_asked, f"list {times}")

    async def stored(self) -> int:
        return len(await self.office.events("message_received"))

    async def look(self, after_s: float) -> None:
        """Move the clock in steps, as a running process sees it."""

        async def is_done() -> bool:
            return self.clock.sleepers == 1

        for _ in range(round(after_s / 5)):
            self.clock.advance(5)
            await asyncio.sleep(0)
            await until(is_done, "the look to end")


def anybody(uow: UnitOfWork) -> None:
    """Who asks may always."""


def arrivals(count: int, at: int) -> list[InboundText]:
    return [InboundText(f"SM-{n}", LINE, consumer(n), "Hello", at=at) for n in range(count)]


@pytest.fixture
async def running(store: SqlStore) -> AsyncIterator[Running]:
    made = Running(store)
    async with Supervisor() as tasks:
        await made.recovery.begin()
        tasks.start("recovery", made.recovery.tasks.run())
        yield made
        tasks.stop()


async def test_the_first_start_recovers_from_its_own_beginning_on(running: Running) -> None:
    started_at = running.office.now
    await running.until_marked(started_at)
    assert await running.mark(MarkKey.recovery_began("main")) == started_at
    assert running.company.asked == [started_at]


async def test_what_came_after_a_first_start_that_was_killed_at_once_is_recovered(store: SqlStore) -> None:
    killed = Running(store)
    began_at = killed.office.now
    await killed.recovery.begin()
    made = Running(store)
    made.clock.advance(3 * 3600)
    made.company.listed = arrivals(3, began_at + HOUR_MS)
    await made.recovery.begin()
    async with Supervisor() as tasks:
        tasks.start("recovery", made.recovery.tasks.run())
        await made.until_marked(began_at + 3 * HOUR_MS)
        tasks.stop()
    assert made.company.asked == [began_at]
    assert await made.stored() == 3


async def test_it_goes_on_where_it_ended_but_never_before_its_beginning(running: Running) -> None:
    began_at = running.office.now
    await running.until_marked(began_at)
    running.office.clock.advance(2 * 3600)  # the machine slept
    await running.until_asked(2)
    await running.until_marked(began_at + 2 * HOUR_MS)
    running.office.clock.advance(3 * 3600)
    await running.until_asked(3)
    await running.until_marked(began_at + 5 * HOUR_MS)
    assert running.company.asked == [began_at, began_at, began_at + 2 * HOUR_MS - HOUR_MS]


async def test_a_list_that_hangs_delays_no_other_account(store: SqlStore) -> None:
    made, stuck = Running(store), Company()
    providers = {"stuck": stuck, "main": made.company}
    recovery = RecoveryTask(store, made.office.live, Live(providers), made.clock)
    began_at = made.office.now

    async def both_wait() -> bool:
        return made.clock.sleepers == 2

    async with Supervisor() as tasks:
        await recovery.begin()
        tasks.start("recovery", recovery.tasks.run())
        await until(both_wait, "the first start")
        stuck.answers.clear()
        made.clock.advance(2 * 3600)

        async def stuck_is_asked() -> bool:
            return len(stuck.asked) == 2

        await until(stuck_is_asked, "the list that hangs")
        await made.until_marked(began_at + 2 * HOUR_MS)
        assert len(stuck.asked) == len(made.company.asked) == 2
        assert await made.mark(MarkKey.recovered_until("stuck")) == began_at
        tasks.stop()


async def test_messages_listed_before_a_failure_are_stored_and_the_list_is_retried_soon(running: Running) -> None:
    began_at = running.office.now
    await running.until_marked(began_at)
    running.company.listed, running.company.breaks_after = arrivals(70, began_at), 60
    running.recovery.request("main")
    await running.look(15)
    await running.until_asked(2)

    async def is_stored() -> bool:
        return await running.stored() == 60

    await until(is_stored, "the messages before the failure")
    assert await running.mark() == began_at
    await running.look(280)
    assert len(running.company.asked) == 2
    running.company.breaks_after = None
    await running.look(20)
    await running.until_asked(3)

    async def is_whole() -> bool:
        return await running.stored() == 70

    await until(is_whole, "the rest")
    assert running.company.asked == [began_at] * 3


async def test_a_request_during_a_failing_recovery_is_served_at_once(running: Running) -> None:
    await running.until_marked(running.office.now)
    running.company.listed, running.company.breaks_after = arrivals(1, running.office.now), 0
    running.company.answers.clear()
    running.recovery.request("main")
    running.clock.advance(15)
    await running.until_asked(2)
    running.recovery.request("main")
    running.company.answers.set()
    await running.look(15)
    await running.until_asked(3)


async def test_recovery_on_request_does_not_move_the_mark(store: SqlStore) -> None:
    made = Running(store)
    now = made.office.now
    await made.office.do(lambda uow: uow.tx.marks.set(RECOVERED, now - DAY_MS))
    made.company.listed = arrivals(3, now - HOUR_MS)
    answer = await made.recovery.recover_now("main", now - 2 * HOUR_MS, anybody)
    assert (answer.looked_at, answer.taken_in) == (3, 3)
    assert await made.mark() == now - DAY_MS
    again = await made.recovery.recover_now("main", now - 2 * HOUR_MS, anybody)
    assert (again.looked_at, again.taken_in) == (3, 0)


async def test_a_requested_recovery_stops_where_its_asker_loses_the_right(store: SqlStore) -> None:
    made = Running(store)
    made.company.listed = arrivals(120, made.office.now - HOUR_MS)
    calls = 0

    def admit(uow: UnitOfWork) -> None:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise Refused(RefusalCode.NOT_ALLOWED, "ann is disabled and may not do anything here.")

    with pytest.raises(Refused, match="stopped: 50 texts taken in") as no:
        await made.recovery.recover_now("main", made.office.now - 2 * HOUR_MS, admit)
    assert (no.value.code, no.value.details["taken_in"]) == (RefusalCode.NOT_ALLOWED, 50)
    assert (calls, await made.stored()) == (2, 50)


@pytest.mark.parametrize("ahead_ms", [MINUTE_MS, -10 * 365 * 100 * DAY_MS])
async def test_recovery_on_request_takes_a_moment_in_the_past(store: SqlStore, ahead_ms: int) -> None:
    made = Running(store)
    with pytest.raises(Refused, match="in the past"):
        await made.recovery.recover_now("main", made.office.now + ahead_ms, anybody)
    assert made.company.asked == []


async def test_a_requested_recovery_has_a_time_limit(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.edge.background.recovery._REQUEST_S", 0.05)
    running.company.answers.clear()
    with pytest.raises(Refused, match="did not end within"):
        await running.recovery.recover_now("main", running.office.now - HOUR_MS, anybody)


async def test_an_account_catches_up_until_its_first_list_ends_and_for_a_few_seconds_at_most(store: SqlStore) -> None:
    for ends in (True, False):
        made = Running(store)
        made.company.answers.clear()
        async with Supervisor() as tasks:
            await made.recovery.begin()
            tasks.start("recovery", made.recovery.tasks.run())
            await made.until_asked(1)
            made.clock.advance(9)
            assert made.recovery.is_catching_up("main")
            assert not made.recovery.is_catching_up("an account without a list")
            if ends:
                made.company.answers.set()
                await made.until_marked(made.clock.now() - 9000)
            else:
                made.clock.advance(1)
            assert not made.recovery.is_catching_up("main")
            tasks.stop()


async def test_accounts_come_change_and_go(running: Running) -> None:
    """A new one is listed before it sends; one that has changed is listed and goes on sending; one that goes, ends."""
    recovery, providers = running.recovery, running.providers

    async def change(**companies: Company) -> None:
        opened = [name for name, one in companies.items() if providers.current.get(name) is not one]
        providers.current = companies
        recovery.opened(opened)
        recovery.tasks.look_again()

    async def is_asked(one: Company) -> None:
        async def asked() -> bool:
            return len(one.asked) == 1

        await until(asked, "its list to be read")

    await running.until_marked(running.office.now)
    main, more, changed, again = running.company, Company(), Company(), Company()
    for one in (more, changed, again):
        one.answers.clear()
    await change(main=main, more=more)
    await is_asked(more)
    assert (recovery.is_catching_up("main"), recovery.is_catching_up("more")) == (False, True)
    await change(main=changed, more=more)
    await is_asked(changed)
    assert (recovery.is_catching_up("main"), recovery.is_catching_up("more")) == (False, True)
    await change(main=changed)
    with pytest.raises(Refused, match="There are: main"):
        await recovery.recover_now("more", 0, anybody)
    await change(main=changed, more=again)
    await is_asked(again)
    assert recovery.is_catching_up("more")
    assert len(main.asked) == len(more.asked) == 1
