"""Recovery of messages whose hooks never arrived: at the start, after an outage, daily, and on request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from connector.base.clock import Clock
from connector.base.counted import count
from connector.base.live import Live
from connector.base.redaction import without_numbers
from connector.domain.refusals import Refused
from connector.edge.background.each_account import EachAccount
from connector.edge.background.retry import until_available
from connector.providers.base import Provider
from connector.providers.values import Arrival, CallFailed
from connector.services.accounts.first_seen import mark_first_seen
from connector.services.conversations import inbound
from connector.services.conversations.inbound import Intake
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.store.marks import MarkKey
from connector.store.ports import Reading, Store
from connector.wire import answers
from connector.wire.refusals import RefusalCode

log = logging.getLogger(__name__)

_EVERY_S = 24 * 3600
_LOOK_EVERY_S = 5.0
_RETRY_AFTER_S = 300
_MIN_INTERVAL_S = 15  # between two recoveries of one account, however often they are requested
_ASLEEP_MS = 60_000  # a gap this long between two looks: the machine or this process was suspended
# A provider lists a message some time after it has taken it, and its clock is not ours.
_OVERLAP_MS = 3_600_000
_CATCH_UP_MS = 10_000  # at the start, sends wait so long for the first list
_BATCH = 50  # messages in one transaction
_REQUEST_S = 600.0  # a requested recovery, whose answer a desk or script waits for


class _Recovery:
    """How far one is. `admit`: see `RecoveryTask.recover_now`."""

    def __init__(self, admit: Callable[[UnitOfWork], None]) -> None:
        self.admit = admit
        self.seen = 0
        self.stored = 0


def _by_itself(uow: UnitOfWork) -> None:
    """What the core recovers of its own accord needs no agent's rights."""


class RecoveryTask:
    """`providers` by account. `progress`: what is going on, by account, in words.

    `tasks` recovers every account when it is due, each in a task of its own, so that a slow list delays no other's.
    """

    def __init__(
        self, store: Store, brand: Live[BrandSettings], providers: Live[Mapping[str, Provider]], clock: Clock
    ) -> None:
        self._store = store
        self._brand = brand
        self._providers = providers
        self._clock = clock
        self._due_at: dict[str, int] = {}  # in steady time, as all that follows; of accounts that can list messages
        self._started_at: dict[str, int] = {}
        self._not_listed: dict[str, int] = {}  # when accounts were opened whose first recovery has not ended
        self.progress: dict[str, str] = {}
        self.tasks = EachAccount(providers, self._run)
        self.opened(providers.current)

    def opened(self, accounts: Iterable[str]) -> None:
        """The providers have changed. These accounts are new or have changed: their recovery is due.

        One that has changed goes on sending meanwhile, as it did until now.
        """
        now, providers = self._clock.steady(), self._providers.current
        for known in (self._due_at, self._not_listed, self._started_at):
            for gone in known.keys() - providers.keys():
                del known[gone]
        for account in accounts:
            if providers[account].capabilities.can_list:
                if account not in self._due_at:
                    self._not_listed[account] = now
                self._due_at[account] = 0

    def request(self, account: str) -> None:
        """Recover an account soon, but not again and again while its provider comes and goes."""
        if account in self._due_at:
            soonest = self._started_at.get(account, 0) + _MIN_INTERVAL_S * 1000
            self._due_at[account] = min(self._due_at[account], max(self._clock.steady(), soonest))

    def is_catching_up(self, account: str) -> bool:
        """Whether an account's first recovery is under way, for a few seconds at most: what consumers wrote while this
        core was down is read before what was queued for them is sent, as it may be an opt-out."""
        opened_at = self._not_listed.get(account)
        return opened_at is not None and self._clock.steady() - opened_at < _CATCH_UP_MS

    async def begin(self) -> None:
        """Store when each account was first seen. Raises StoreUnavailable."""
        await self._store.write(partial(mark_first_seen, accounts=self._providers.current, now=self._clock.now()))
        self._not_listed = dict.fromkeys(self._not_listed, self._clock.steady())

    async def _run(self, account: str, provider: Provider) -> None:
        if not provider.capabilities.can_list:
            return
        looked_at = self._clock.now()
        while self._is_current(account, provider):
            now = self._clock.steady()
            if self._clock.now() - looked_at > _ASLEEP_MS or now >= self._due_at[account]:
                self._due_at[account] = now + _EVERY_S * 1000
                self._started_at[account] = now
                if not await self._continue_if_listed(account, provider) and self._is_current(account, provider):
                    # It may have been requested for earlier meanwhile.
                    self._due_at[account] = min(self._due_at[account], now + _RETRY_AFTER_S * 1000)
            looked_at = self._clock.now()
            await self._clock.sleep(_LOOK_EVERY_S)

    async def _continue_if_listed(self, account: str, provider: Provider) -> bool:
        """False when the provider could not be asked."""
        try:
            await self._continue(account, provider)
        except CallFailed as error:
            log.warning("%s: missed messages cannot be listed: %s", account, without_numbers(str(error)))
            return False
        finally:
            if self._is_current(account, provider):
                self._not_listed.pop(account, None)
        return True

    async def _continue(self, account: str, provider: Provider) -> None:
        """Recover from where the last recovery ended; the very first time, from when the account was first seen."""
        started_at = self._clock.now()
        mark, begin = MarkKey.recovered_until(account), MarkKey.recovery_began(account)

        def since(reading: Reading) -> int:
            began = reading.mark(begin) or started_at
            return max((reading.mark(mark) or began) - _OVERLAP_MS, began)

        first = await until_available(lambda: self._store.read(since))
        await self._recover(account, provider, first, _Recovery(_by_itself))
        await until_available(lambda: self._store.write(lambda tx: tx.marks.set(mark, started_at)))

    async def recover_now(self, account: str, since: int, admit: Callable[[UnitOfWork], None]) -> answers.Recovered:
        """The answer to an administrator's request. Raises Refused; `taken_in` in its details: how many
        texts were stored before.

        `admit` is called in each transaction, and raises Refused where the administrator may not ask this any more.
        """
        if not 0 <= since <= self._clock.now():
            raise Refused(RefusalCode.BAD_REQUEST, "Messages are recovered since a moment in the past.")
        provider = self._providers.current.get(account)
        if provider is None:
            known = ", ".join(sorted(self._providers.current)) or "none"
            raise Refused(
                RefusalCode.CANNOT_RECOVER,
                f"There is no account {account[:64]}. There are: {known}.",
                cause="no_account",
            )
        if not provider.capabilities.can_list:
            words = f"The provider of {account} cannot list past texts, so nothing can be recovered from it."
            raise Refused(RefusalCode.CANNOT_RECOVER, words, cause="no_list")
        done = _Recovery(admit)
        try:
            await self._recover(account, provider, since, done, _REQUEST_S)
        except CallFailed as error:
            raise Refused(RefusalCode.CANNOT_RECOVER, str(error), cause="no_answer", taken_in=done.stored) from None
        except Refused as no:
            words = f"{no.words} The recovery of {account} stopped: {count(done.stored, 'text')} taken in until then."
            raise Refused(no.code, words, taken_in=done.stored) from None
        return answers.Recovered(looked_at=done.seen, taken_in=done.stored)

    def _is_current(self, account: str, provider: Provider) -> bool:
        return self._providers.current.get(account) is provider

    async def _recover(
        self, account: str, provider: Provider, since: int, done: _Recovery, within_s: float | None = None
    ) -> None:
        """Take in what the provider has since then. Raises CallFailed; what was listed before that is stored. Raises
        Refused by `done.admit`."""
        try:
            await self._take_list(account, provider, since, done, within_s)
        finally:
            if done.stored:
                log.info("%s: messages recovered: %d of %d looked at", account, done.stored, done.seen)

    async def _take_list(
        self, account: str, provider: Provider, since: int, done: _Recovery, within_s: float | None
    ) -> None:
        batch: list[Arrival] = []
        failure: CallFailed | None = None
        try:
            async with asyncio.timeout(within_s):
                async for arrival in provider.list_since(since):
                    if not self._is_current(account, provider):
                        raise CallFailed("The account was changed meanwhile.")
                    batch.append(arrival)
                    done.seen += 1
                    if len(batch) == _BATCH:
                        await self._take(account, batch, done)
                        batch = []
                        words = f"looking for what was missed: {done.seen} looked at, {done.stored} taken in"
                        self.progress[account] = words
        except CallFailed as error:
            failure = error
        except TimeoutError:
            failure = CallFailed(f"The list did not end within {_REQUEST_S:g} s; {done.seen} were looked at.")
        finally:
            self.progress.pop(account, None)
        await self._take(account, batch, done)
        if failure is not None:
            raise failure

    async def _take(self, account: str, arrivals: list[Arrival], done: _Recovery) -> None:
        def take(uow: UnitOfWork) -> Intake:
            done.admit(uow)
            return inbound.take_arrivals(uow, account, arrivals, is_recovered=True)

        write = in_unit_of_work(self._brand, self._clock.now(), take)
        done.stored += (await until_available(partial(self._store.write, write))).stored
