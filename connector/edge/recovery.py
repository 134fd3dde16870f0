"""Going through providers' lists for what was missed: at the start, after an outage, daily, and when asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from connector.clock import Clock
from connector.domain.refusals import Refused
from connector.edge.outages import through_outages
from connector.providers.base import Arrival, CannotAsk, Provider
from connector.services.inbound import Inbound, Taken
from connector.store.base import Store, Transaction
from connector.wire import requests

log = logging.getLogger(__name__)

_EVERY_S = 24 * 3600
_LOOK_S = 5.0
_FIRST_TIME_MS = 24 * 3_600_000
# A provider lists a message some time after it has taken it, and its clock is not ours.
_OVERLAP_MS = 3_600_000
_AT_ONCE = 50


class Recoveries:
    """`providers`: those that can list, by account."""

    def __init__(self, store: Store, inbound: Inbound, providers: Mapping[str, Provider], clock: Clock) -> None:
        self._store = store
        self._inbound = inbound
        self._providers = {name: one for name, one in providers.items() if one.capabilities.can_list}
        self._clock = clock
        self._wanted = set(self._providers)
        self._last_at: dict[str, int] = {}
        self.progress: dict[str, str] = {}

    def want(self, account: str) -> None:
        """Soon, please."""
        if account in self._providers:
            self._wanted.add(account)

    async def run(self) -> None:
        while True:
            now = self._clock.now()
            for account in self._providers:
                is_due = now - self._last_at.get(account, now) > _EVERY_S * 1000
                if account in self._wanted or is_due:
                    self._wanted.discard(account)
                    self._last_at[account] = now
                    await self._quietly(account)
            await self._clock.sleep(_LOOK_S)

    async def _quietly(self, account: str) -> None:
        try:
            await self.recover(account, None)
        except CannotAsk as error:
            log.warning("%s cannot be asked for what was missed: %s", account, error)

    async def by_hand(self, account: str, since: int) -> requests.Recovered:
        """Raises Refused."""
        if account not in self._providers:
            words = f"{account[:64]} is no account whose provider can list what it has taken."
            raise Refused(requests.CANNOT_RECOVER, words)
        try:
            taken = await self.recover(account, since)
        except CannotAsk as error:
            raise Refused(requests.CANNOT_RECOVER, str(error)) from None
        return requests.Recovered(looked_at=taken.stored + taken.repeats, taken_in=taken.stored)

    async def recover(self, account: str, since: int | None) -> Taken:
        """Go through what the provider has since then, or since the last time. Raises CannotAsk."""
        started_at = self._clock.now()
        mark = f"recovered {account}"
        if since is None:
            before = await self._store.read(lambda reading: reading.mark(mark))
            since = (before or started_at - _FIRST_TIME_MS) - _OVERLAP_MS
        seen, stored = 0, 0
        batch: list[Arrival] = []
        try:
            async for arrival in self._providers[account].missed(since):
                batch.append(arrival)
                seen += 1
                if len(batch) == _AT_ONCE:
                    stored += await self._take(account, batch)
                    batch = []
                    self.progress[account] = f"looking for what was missed: {seen} looked at, {stored} taken in"
            stored += await self._take(account, batch)
        finally:
            self.progress.pop(account, None)
        await through_outages(lambda: self._store.write(lambda tx: tx.marks.put(mark, started_at)))
        if stored:
            log.info("%s: %d messages recovered of %d looked at", account, stored, seen)
        return Taken(stored=stored, repeats=seen - stored)

    async def _take(self, account: str, arrivals: list[Arrival]) -> int:
        now = self._clock.now()

        def take(tx: Transaction) -> Taken:
            return self._inbound.take_arrivals(tx, account, arrivals, now, is_recovered=True)

        taken = await through_outages(partial(self._store.write, take))
        await asyncio.sleep(0)
        return taken.stored
