"""Workers on real providers: an account whose provider hangs holds its own places and no other's."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.edge.background.account_monitor import AccountMonitor
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.store_monitor import MonitoredStore
from connector.edge.background.workers import Workers
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.generic.provider import GenericProvider
from connector.providers.outbound import AccountClients, places_of_each
from connector.providers.settings import NumberSettings
from connector.services.accounts.health import ProviderHealth
from connector.store.marks import MarkKey
from connector.store.ports import Transaction
from connector.store.sql.store import SqlStore
from connector.store.values import ChangeKind
from tests.kit.clocks import WatchedClock
from tests.kit.raw_server import OK, RawServer, Says, said
from tests.kit.stores import LINE
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

T = TypeVar("T")
SILENT = said(b"")
TAKEN = said(OK + b'Content-Length: 12\r\n\r\n{"id": "r1"}')
GONE = said(b'HTTP/1.1 404 Not Found\r\nContent-Length: 22\r\n\r\n{"code": "unknown_id"}')
LINES = {"slow": LINE, "well": OTHER_LINE}
MANY = 40


class Firm:
    """A core's background tasks with the accounts `slow`, whose provider never answers, and `well`."""

    def __init__(self, parts: CoreParts, office: Office, clock: WatchedClock, slow: RawServer, well: RawServer) -> None:
        self.parts = parts
        self.office = office
        self.clock = clock
        self.slow = slow
        self.well = well

    async def reply_to(self, account: str, number: int) -> str:
        conversation = await self.office.text(consumer=consumer(number), line=LINES[account])
        return await self.office.reply(conversation)

    async def until_accepted(self, message_id: str) -> None:
        seen: int | None = None
        while (await self.office.message(message_id)).status != "accepted":
            seen = await self.office.store.wait_for_change(ChangeKind.WORK, 1.0, seen)


@asynccontextmanager
async def firm(store: SqlStore, folder: Path, answer: Says) -> AsyncIterator[Firm]:
    async with AsyncExitStack() as stack:
        slow = await stack.enter_async_context(RawServer(SILENT).running())
        well = await stack.enter_async_context(RawServer(answer).running())
        opened = await stack.enter_async_context(AccountClients())
        opened.use(clients := opened.prepared(LINES))
        providers = {}
        for account, server in (("slow", slow), ("well", well)):
            settings = GenericProvider.Settings(
                public_url="https://desk.example.com",
                numbers=[NumberSettings(address=LINES[account])],
                send_url=f"{server.url}/send",
                status_url=f"{server.url}/status",
                secret=Secret("s" * 32),
            )
            providers[account] = GenericProvider(account, settings, clients[account])
        office = Office(
            store, *(rules(address=line, account=account, segments_per_s=1e9) for account, line in LINES.items())
        )
        office.clock = clock = WatchedClock()
        await office.sign_in()
        tasks = await stack.enter_async_context(Supervisor())
        stack.callback(tasks.stop)
        parts = CoreParts(
            config=Live(load(None)),
            clock=office.clock,
            node=office.node,
            store=store,
            brand=office.live,
            providers=Live(providers),
            pictures=PictureFiles(folder),
            tasks=tasks,
        )
        yield Firm(parts, office, clock, slow, well)


async def test_a_provider_that_hangs_holds_half_of_its_places_with_sends_and_delays_no_other_account(
    store: SqlStore, tmp_path: Path
) -> None:
    async with firm(store, tmp_path, TAKEN) as one:
        waiting = [await one.reply_to("slow", number) for number in range(MANY)]
        one.parts.tasks.start("workers", Workers(one.parts, lambda _: None, lambda _: False).run())
        await one.slow.until_asked(places_of_each(2) // 2)
        await one.until_accepted(await one.reply_to("well", MANY))
        assert len(one.slow.requests) == places_of_each(2) // 2
        # What was not called is still queued, with no attempt that would have to be looked up.
        statuses = Counter([(await one.office.message(each)).status for each in waiting])
        assert statuses == {"sending": places_of_each(2) // 2, "queued": MANY - places_of_each(2) // 2}


async def test_nothing_is_sent_from_an_account_that_catches_up(store: SqlStore, tmp_path: Path) -> None:
    """What its consumers wrote while the core was down may be an opt-out."""
    async with firm(store, tmp_path, TAKEN) as one:
        catching_up = {"well"}
        waiting = await one.reply_to("well", 1)
        await one.reply_to("slow", 2)
        one.parts.tasks.start("workers", Workers(one.parts, lambda _: None, catching_up.__contains__).run())
        await one.slow.until_asked(1)
        assert (await one.office.message(waiting)).status == "queued"
        catching_up.clear()
        await one.until_accepted(waiting)


async def test_a_sign_in_that_hangs_delays_no_other(store: SqlStore, tmp_path: Path) -> None:
    async with firm(store, tmp_path, GONE) as one:
        parts, clock = one.parts, one.clock
        health = ProviderHealth(parts.providers)
        recovery = RecoveryTask(store, parts.brand, parts.providers, parts.clock)
        monitor = AccountMonitor(
            MonitoredStore(store, parts.clock), health, lambda _: None, recovery, parts.brand, parts.clock
        )
        parts.tasks.start("check accounts", monitor.checks.run())
        await one.slow.until_asked(1)
        for times in range(1, 4):
            await one.well.until_asked(times)
            async with asyncio.timeout(60):
                while not clock.sleepers:
                    await asyncio.sleep(0)
            clock.advance(60)
        assert health.is_well("well") and health.is_well("slow") is None


class SetBackStore(MonitoredStore):
    """Sets the clock back by an hour, once, while a use case waits for its turn."""

    clock: WatchedClock
    is_armed = True

    async def write(self, use_case: Callable[[Transaction], T], then: Callable[[], None] | None = None) -> T:
        if self.is_armed:
            self.is_armed = False
            self.clock.set_by(-3600)
        return await super().write(use_case, then)


async def test_a_claim_that_waits_while_the_clock_is_set_back_reserves_no_pace_ahead(
    store: SqlStore, tmp_path: Path
) -> None:
    """Its line would send nothing for as long as the clock was set back by."""
    async with firm(store, tmp_path, TAKEN) as one:
        await one.reply_to("well", 1)
        one.clock.advance(10)  # it is due
        waiting = SetBackStore(store, one.clock)
        waiting.clock = one.clock
        parts = replace(one.parts, store=waiting)
        one.parts.tasks.start("workers", Workers(parts, lambda _: None, lambda _: False).run())
        async with asyncio.timeout(60):
            while waiting.is_armed:
                await asyncio.sleep(0)
        paced_until = await store.write(lambda tx: tx.marks.get(MarkKey.paced_until(OTHER_LINE)))  # after the claim
        assert (paced_until or 0) <= one.clock.now()
