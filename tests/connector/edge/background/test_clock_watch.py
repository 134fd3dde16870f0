"""A core whose clock is set wrong, and right again: what waits goes on in its time, on either engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from connector.app import Core
from connector.base.clock import DisciplinedClock, SteppingClock, SystemClock
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.edge.background.clock_watch import ClockWatch
from connector.lab.clocks import FastClock
from connector.providers.outbound import AccountClients
from connector.providers.registry import open_providers
from connector.services.agents.admission import Principal
from connector.services.routing import desks
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Store, Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import ChangeKind
from tests.kit.raw_server import OK, RawServer, said
from tests.kit.stores import LINE, Place, agent, desk
from tests.kit.use_cases import Office

PATIENCE_S = 60.0
HOUR_S, DAY_S = 3600, 24 * 3600
SPEED = 30.0
TAKEN = said(OK + b'Content-Length: 12\r\n\r\n{"id": "r1"}')

CONFIG = f"""
[routing]
undo_s = 0
gone_s = 1000000  # some of it passes whenever this machine is busy
[accounts.main]
provider = "generic"
public_url = "http://127.0.0.1:1"
send_url = "%s/send"
secret = "{"s" * 32}"
numbers = [{{ address = "{LINE}", skill = "orders", segments_per_s = 1 }}]
[hooks]
port = 0
"""


class SettableClock(FastClock):
    """A fast machine's clock that can be set."""

    def __init__(self) -> None:
        super().__init__(SPEED, SystemClock().now())
        self.set_ms = 0

    def now(self) -> int:
        return super().now() + self.set_ms


class ShiftedClock(SystemClock):
    """The clock of a machine that is an hour behind."""

    def now(self) -> int:
        return super().now() - HOUR_S * 1000


@asynccontextmanager
async def watched(
    store: Store, clock: DisciplinedClock, office: Office, *, by_server: bool = False
) -> AsyncIterator[ClockWatch]:
    watch = ClockWatch(clock, store, office.live, store.server_time if by_server else None)
    await watch.begin()
    async with Supervisor() as tasks:
        tasks.start("clock", watch.run())
        yield watch
        tasks.stop()


async def until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                await asyncio.sleep(0)
    except TimeoutError:
        raise AssertionError(f"waited for {what}") from None


@pytest.mark.parametrize("step_s", [-HOUR_S, HOUR_S, DAY_S])
async def test_a_step_is_said_adopted_and_undone(place: Place, step_s: int) -> None:
    store = await place.open()
    machine = SteppingClock()
    clock, office = DisciplinedClock(machine), Office(store)
    async with watched(store, clock, office) as watch:
        for step in (step_s, -step_s):
            machine.set_by(step)
            while watch.problem() is None:
                machine.advance(1)
                await asyncio.sleep(0)
            words = watch.problem() or ""
            assert ("set forward" if step > 0 else "set back") in words
            assert clock.now() == machine.now() - step * 1000, "nothing has changed yet"
            machine.advance(DisciplinedClock.HOLD_S)
            while clock.now() != machine.now():
                machine.advance(1)
                await asyncio.sleep(0)
            assert watch.problem() is None


async def test_cores_go_by_the_clock_of_the_database_server(place: Place) -> None:
    store = await place.open()
    clock = DisciplinedClock(ShiftedClock())
    async with watched(store, clock, Office(store), by_server=True) as watch:
        is_shared = not isinstance(place.where, Path)
        ahead_s = (clock.now() - ShiftedClock().now()) / 1000
        assert (abs(ahead_s - HOUR_S) < 60) if is_shared else (abs(ahead_s) < 60)
        words = "this machine's clock is 60 m behind the database server's, which all cores go by: set it right"
        assert watch.problem() == (words if is_shared else None)


async def test_leases_of_a_core_whose_clock_is_wrong_hold(place: Place) -> None:
    """Two cores, one an hour behind: neither takes the other's desks for gone."""
    stores = await place.cores(2)
    for store, machine in zip(stores, (SystemClock(), ShiftedClock()), strict=True):
        clock, office = DisciplinedClock(machine), Office(store)
        async with watched(store, clock, office, by_server=True):
            held = desk(id=f"D{machine}", lease_until=clock.now() + desks.LEASE_S * 1000)
            await store.write(in_unit_of_work(office.live, clock.now(), desks.connect, agent(), held))
            if isinstance(place.where, Path):
                continue  # one core only
            for other in (SystemClock(), ShiftedClock()):
                theirs = DisciplinedClock(other)
                async with watched(stores[0], theirs, office, by_server=True):
                    assert "ann" in await store.write(partial(_connected, now=theirs.now()))


def _connected(tx: Transaction, now: int) -> set[str]:
    return tx.agents.connected(now)


class Inside(Office):
    """A running core's own use cases, at its own time, with an agent at a desk that it renews."""

    def __init__(self, core: Core, store: SqlStore) -> None:
        super().__init__(store)
        self.core = core
        self.brand, self.lines = core.brand.current, dict(core.brand.current.lines)

    @property
    def now(self) -> int:
        return self.core.clock.now()

    async def until_sent(self, message_id: str) -> None:
        seen: int | None = None
        async with asyncio.timeout(PATIENCE_S):
            while (found := await self.message(message_id)).status != "accepted":
                assert found.status in ("queued", "sending"), found
                seen = await self.store.wait_for_change(ChangeKind.FACTS, 1.0, seen)


@asynccontextmanager
async def running(place: Place, folder: Path, clock: SettableClock) -> AsyncIterator[Inside]:
    path = folder / "textdesk.toml"
    async with AsyncExitStack() as stack:
        vendor = await stack.enter_async_context(RawServer(TAKEN).running())
        path.write_text(CONFIG % vendor.url)
        config, store = load(path), await place.open()
        clients = await stack.enter_async_context(AccountClients())
        tasks = await stack.enter_async_context(Supervisor())
        stack.callback(tasks.stop)
        clients.use(opened := clients.prepared(config.accounts))
        providers = open_providers(config.accounts, opened)
        core = Core(config, clock, providers, store, folder, tasks)
        stack.push_async_callback(core.close)
        await core.start()
        inside = Inside(core, store)
        await inside.do(
            desks.connect,
            agent(capacity=1000),
            core.connected.add("D1", Principal("ann", agent(), is_administrator=False, way="test")),
        )
        yield inside
        await core.stop()


async def test_replies_of_a_whole_core_leave_whatever_its_clock_is_set_to(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SettableClock()
    async with running(place, tmp_path, clock) as inside:
        core_clock = inside.core.clock
        for set_s, lasts in ((HOUR_S, False), (DAY_S, False), (0, False), (-HOUR_S, True), (0, True)):
            monkeypatch.setattr(DisciplinedClock, "HOLD_S", 10 if lasts else DAY_S)
            clock.set_ms = set_s * 1000
            conversation = await inside.text()
            sent = [await inside.reply(conversation, f"reply {number}") for number in range(2)]
            if lasts:
                await until(lambda: core_clock.step != 0, "the step to be seen")
                await until(lambda: core_clock.step == 0, "the step to be adopted")
                sent.append(await inside.reply(conversation, "one more"))
            for message_id in sent:
                await inside.until_sent(message_id)
