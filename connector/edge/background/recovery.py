"""Going through providers' lists for what was missed: at the start, after an outage, daily, and when asked."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from connector.base.clock import Clock
from connector.domain.refusals import Refused
from connector.edge.background.retry import through_outages
from connector.providers.base import Provider
from connector.providers.values import Arrival, CallFailed
from connector.services.conversations.inbound import Inbound, Intake
from connector.store.ports import Reading, Store, Transaction
from connector.wire import answers
from connector.wire.refusals import RefusalCode

log = logging.getLogger(__name__)

_EVERY_S = 24 * 3600
_LOOK_S = 5.0
_AGAIN_S = 300
_NOT_BEFORE_S = 15
_ASLEEP_MS = 60_000
# A provider lists a message some time after it has taken it, and its clock is not ours.
_OVERLAP_MS = 3_600_000
_AT_ONCE = 50


class RecoveryTask:
    """`providers`: those that can list, by account."""

    def __init__(self, store: Store, inbound: Inbound, providers: Mapping[str, Provider], clock: Clock) -> None:
        self._store = store
        self._inbound = inbound
        self._providers = {name: one for name, one in providers.items() if one.capabilities.can_list}
        self._clock = clock
        self._due_at = dict.fromkeys(self._providers, 0)
        self._asked_at: dict[str, int] = {}
        self.progress: dict[str, str] = {}

    def want(self, account: str) -> None:
        """Soon, please, but not again and again while a provider comes and goes."""
        if account in self._providers:
            soonest = self._asked_at.get(account, 0) + _NOT_BEFORE_S * 1000
            self._due_at[account] = min(self._due_at[account], max(self._clock.now(), soonest))

    async def run(self) -> None:
        looked_at = self._clock.now()
        while True:
            now = self._clock.now()
            has_slept = now - looked_at > _ASLEEP_MS  # the machine, or this process
            for account in self._providers:
                if has_slept or now >= self._due_at[account]:
                    self._due_at[account] = now + _EVERY_S * 1000
                    self._asked_at[account] = now
                    if not await self._quietly(account):
                        # Who found it back meanwhile may have wanted it sooner.
                        self._due_at[account] = min(self._due_at[account], now + _AGAIN_S * 1000)
            looked_at = self._clock.now()
            await self._clock.sleep(_LOOK_S)

    async def _quietly(self, account: str) -> bool:
        try:
            await self._since_last(account)
        except CallFailed as error:
            log.warning("%s cannot be asked for what was missed: %s", account, error)
            return False
        return True

    async def _since_last(self, account: str) -> None:
        """Go on where the last time ended; the very first time, only remember where to begin."""
        started_at = self._clock.now()
        mark, begin = f"recovered {account}", f"began {account}"

        def marks(reading: Reading) -> tuple[int | None, int | None]:
            return reading.mark(mark), reading.mark(begin)

        before, began = await through_outages(lambda: self._store.read(marks))
        if before is None or began is None:
            await through_outages(lambda: self._store.write(lambda tx: tx.marks.put(begin, started_at)))
        else:
            await self.recover(account, max(before - _OVERLAP_MS, began))
        await through_outages(lambda: self._store.write(lambda tx: tx.marks.put(mark, started_at)))

    async def by_hand(self, account: str, since: int) -> answers.Recovered:
        """Raises Refused."""
        if not 0 <= since <= self._clock.now():
            raise Refused(RefusalCode.BAD_REQUEST, "since is a moment in the past, in milliseconds.")
        if account not in self._providers:
            words = f"The provider of {account[:64]} cannot list past texts, or there is no such account."
            raise Refused(RefusalCode.CANNOT_RECOVER, words)
        try:
            taken = await self.recover(account, since)
        except CallFailed as error:
            raise Refused(RefusalCode.CANNOT_RECOVER, str(error)) from None
        return answers.Recovered(looked_at=taken.stored + taken.repeats, taken_in=taken.stored)

    async def recover(self, account: str, since: int) -> Intake:
        """Go through what the provider has since then. Raises CallFailed; what came before that is kept."""
        seen, stored = 0, 0
        batch: list[Arrival] = []
        trouble: CallFailed | None = None
        try:
            async for arrival in self._providers[account].list_since(since):
                batch.append(arrival)
                seen += 1
                if len(batch) == _AT_ONCE:
                    stored += await self._take(account, batch)
                    batch = []
                    self.progress[account] = f"looking for what was missed: {seen} looked at, {stored} taken in"
        except CallFailed as error:
            trouble = error
        finally:
            self.progress.pop(account, None)
        stored += await self._take(account, batch)
        if stored:
            log.info("%s: messages recovered: %d of %d looked at", account, stored, seen)
        if trouble is not None:
            raise trouble
        return Intake(stored=stored, repeats=seen - stored)

    async def _take(self, account: str, arrivals: list[Arrival]) -> int:
        now = self._clock.now()

        def take(tx: Transaction) -> Intake:
            return self._inbound.take_arrivals(tx, account, arrivals, now, is_recovered=True)

        return (await through_outages(partial(self._store.write, take))).stored
