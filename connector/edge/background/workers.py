"""Workers: claim due work, perform it outside any transaction, and record its outcome."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence
from functools import partial
from typing import Any, Concatenate, ParamSpec

from connector.base.redaction import without_numbers
from connector.base.time_limit import within
from connector.domain.media import Media, MediaState
from connector.domain.message import Message
from connector.edge.background.retry import until_available
from connector.edge.parts import CoreParts
from connector.pictures import content_types
from connector.pictures.fetch import fetch
from connector.pictures.values import FetchFailed, Patience
from connector.providers.base import Provider
from connector.providers.send_outcomes import for_administrator
from connector.providers.values import (
    Accepted,
    CallFailed,
    DeliveryReceipt,
    LookUpResult,
    Outcome,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
    Unreadable,
)
from connector.services import pictures
from connector.services.sending import attempt_outcomes, look_ups, outbox, polls
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.services.work import FETCH, LOOK_UP, POLL, SEND, WORK_S
from connector.store.ports import Reading, Transaction
from connector.store.values import ChangeKind, Work

P = ParamSpec("P")
log = logging.getLogger(__name__)
Claim = Callable[[UnitOfWork, str, int, Collection[str]], Sequence[tuple[Work, Any]]]
Perform = Callable[[Work, Any, Provider | None], Coroutine[Any, Any, None]]

# The parts of an account's places that each kind of work may hold. The rest is for sign-ins and recovery.
_SHARES = {SEND: 1 / 2, LOOK_UP: 1 / 8, POLL: 1 / 8, FETCH: 1 / 16}
_POLL_S, _CATCHING_UP_POLL_S = 1.0, 0.05
_LATE = "No answer came in time; it is unknown whether the message was sent."
_NOT_ARRIVED = "It did not arrive in time."


class Workers:
    """One loop claims what is due; each claimed item is a task of its own.

    Each account has places of its own for each kind of work. What is due at an account without a free place is left
    where it is, so that a provider that hangs delays no other account.
    """

    def __init__(
        self, parts: CoreParts, request_recovery: Callable[[str], None], is_catching_up: Callable[[str], bool]
    ) -> None:
        """`request_recovery` gets accounts whose provider could not be reached and can be again; nothing is sent from
        those that are catching up."""
        self._store = parts.store
        self._brand = parts.brand
        self._node = parts.node
        self._providers = parts.providers
        self._pictures = parts.pictures
        self._clock = parts.clock
        self._tasks = parts.tasks
        self._request_recovery = request_recovery
        self._is_catching_up = is_catching_up
        self._kinds: dict[str, tuple[Claim, Perform]] = {
            SEND: (outbox.claim, self._send),
            LOOK_UP: (look_ups.claim, self._look_up),
            POLL: (polls.claim, self._poll),
            FETCH: (pictures.claim, self._fetch),
        }
        self._busy: dict[str, Counter[str]] = {kind: Counter() for kind in self._kinds}  # places taken, by account
        self._unreachable: set[str] = set()  # accounts
        self._held: set[str] = set()  # accounts of which the log says so
        self._in_progress = 0
        self._progressed = asyncio.Event()
        self._is_stopping = False

    async def run(self) -> None:
        """Start what is due, and look again when something may be due."""
        seen: int | None = None
        while not self._is_stopping:
            now = self._clock.now()
            dues = await until_available(partial(self._store.read, partial(self._dues, now=now)))
            due = [kind for kind, at in dues.items() if at <= now]
            self._in_progress += 1  # what is claimed has to be started, also while stopping
            for kind in due:
                await self._claim(kind)
            self._in_progress -= 1
            if not due:
                seen = await self._wait(dues, now, seen)
        self._progressed.set()

    async def drain(self, limit_s: float) -> None:
        """Claim nothing more, and wait for what is in progress; a send that takes too long becomes uncertain."""
        self._is_stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._in_progress:
                    self._progressed.clear()
                    await self._progressed.wait()

    def _full(self, kind: str) -> list[str]:
        """The accounts from which nothing of this kind is claimed: those whose places are taken, or that wait."""
        waiting = filter(self._is_catching_up, self._providers.current) if kind == SEND else ()
        return [*waiting, *(account for account in tuple(self._busy[kind]) if self._free(kind, account) <= 0)]

    def _free(self, kind: str, account: str) -> int:
        """How many places an account has left for this kind of work."""
        provider = self._providers.current.get(account)
        places = provider.http.places if provider is not None else 1  # without one, it is only recorded as not sent
        return max(1, int(places * _SHARES[kind])) - self._busy[kind][account]

    def _dues(self, reading: Reading, now: int) -> dict[str, int]:
        if not self._providers.current:
            return {}  # a core that was started without its configuration leaves its work for one that has it
        dues = {kind: reading.next_due(kind, now, self._full(kind)) for kind in self._kinds}
        return {kind: at for kind, at in dues.items() if at is not None}

    async def _claim(self, kind: str) -> None:
        claim, perform = self._kinds[kind]
        full, busy, providers = self._full(kind), self._busy[kind], self._providers.current
        # All of what is claimed may be of the one account that has the fewest places left.
        limit = min((self._free(kind, account) for account in {*providers, *busy} - {*full}), default=1)

        def claim_now(tx: Transaction) -> Sequence[tuple[Work, Any]]:
            # By the time of the writer's turn: what a clock that has since been set back reserves of a line's pace
            # would block the line for as long.
            return in_unit_of_work(self._brand, self._clock.now(), claim, self._node, limit, full)(tx)

        claimed = await until_available(partial(self._store.write, claim_now))
        for work, subject in claimed:
            busy[work.account] += 1
            self._in_progress += 1
            # One that is being removed or changed ends what it has begun.
            provider = self._providers.current.get(work.account) or providers.get(work.account)
            self._tasks.start(f"{kind} {work.id}", self._run_one(kind, work.account, perform(work, subject, provider)))

    async def _wait(self, dues: dict[str, int], now: int, seen: int | None) -> int:
        """Wait until work has changed or the next item is due, for a moment at most."""
        most_s = _CATCHING_UP_POLL_S if any(map(self._is_catching_up, self._providers.current)) else _POLL_S
        pause_s = min([most_s, *(max(0.0, (at - now) / 1000) for at in dues.values())])
        return await self._store.wait_for_change(ChangeKind.WORK, pause_s, seen)

    async def _run_one(self, kind: str, account: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self._busy[kind][account] -= 1
            if not self._busy[kind][account]:
                del self._busy[kind][account]
            self._in_progress -= 1
            self._progressed.set()

    async def _write(
        self, use_case: Callable[Concatenate[UnitOfWork, P], None], *args: P.args, **named: P.kwargs
    ) -> None:
        """Record what happened at this moment, as of it, however long the store is away."""
        what = in_unit_of_work(self._brand, self._clock.now(), use_case, *args, **named)
        await until_available(lambda: self._store.write(what))

    async def _send(self, work: Work, message: Outgoing, provider: Provider | None) -> None:
        outcome: Outcome
        if provider is None:
            outcome = Rejected(None, f"not sent: {_not_configured(work.account)}")
        else:
            outcome = await within(WORK_S, provider.send(message), Uncertain(_LATE))
            self._note_reachability(work.account, outcome)
            self._log_hold(work.account, outcome)
        await self._write(attempt_outcomes.record, work, outcome)

    def _note_reachability(self, account: str, outcome: Outcome) -> None:
        """Recover what a provider could not deliver while it was not reachable."""
        if isinstance(outcome, TryLater | Uncertain):
            self._unreachable.add(account)
        elif account in self._unreachable:
            self._unreachable.discard(account)
            self._request_recovery(account)

    def _log_hold(self, account: str, outcome: Outcome) -> None:
        """That an account's replies are held, and that they no longer are, once each."""
        if isinstance(outcome, TryLater) and outcome.is_hold:
            if account not in self._held:
                self._held.add(account)
                words = without_numbers(for_administrator(outcome.words))
                log.warning("account %s: its replies are held: %s code %s", account, words, outcome.code or "none")
        elif account in self._held and isinstance(outcome, Accepted | Rejected):
            self._held.discard(account)
            log.info("account %s: its replies are sent again", account)

    async def _look_up(self, work: Work, message: Outgoing, provider: Provider | None) -> None:
        found: LookUpResult = Uncertain(_not_configured(work.account))
        if provider is not None:
            found = await within(
                WORK_S, provider.look_up(message), Uncertain(f"{provider.title} did not answer in time")
            )
        await self._write(look_ups.record, work, found)

    async def _poll(self, work: Work, ref: str, provider: Provider | None) -> None:
        receipts: list[DeliveryReceipt] = []
        if provider is not None:
            with contextlib.suppress(CallFailed):
                receipts = await within(WORK_S, provider.poll(ref), [])
        await self._write(polls.record, work, receipts)

    async def _fetch(self, work: Work, message: Message, provider: Provider | None) -> None:
        """One picture after the other: each may hold some 10 MB."""
        ends_at = asyncio.get_running_loop().time() + WORK_S
        late = FetchFailed(_NOT_ARRIVED, Patience.HOURS)
        fetched: dict[int, pictures.StoredPicture | FetchFailed] = {}
        for index, media in enumerate(message.media):
            if media.state is MediaState.WAITING:
                left_s = ends_at - asyncio.get_running_loop().time()
                fetched[index] = await within(left_s, self._picture(work.account, provider, media), late)
        await self._write(pictures.record, work, fetched)

    async def _picture(
        self, account: str, provider: Provider | None, media: Media
    ) -> pictures.StoredPicture | FetchFailed:
        if provider is None:
            return FetchFailed(f"It cannot be fetched: {_not_configured(account)}.", Patience.HOURS)
        try:
            call = provider.media_call(media.url)
        except Unreadable as error:
            return FetchFailed(_sentence(str(error)), Patience.NONE)
        got = await fetch(provider.http, call)
        if isinstance(got, FetchFailed):
            return got
        if (words := content_types.rejection(got.data)) is not None:
            return FetchFailed(words, Patience.NONE)
        try:
            digest = await asyncio.to_thread(self._pictures.save, got.data)
        except OSError as error:
            return FetchFailed(f"It could not be written: {error.strerror}.", Patience.HOURS)
        content_type = content_types.sniff(got.data) or "application/octet-stream"
        return pictures.StoredPicture(digest, len(got.data), content_type)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _not_configured(account: str) -> str:
    return f"the account {account} is not in this core's configuration"
