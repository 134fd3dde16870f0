"""The core's hands: claim work, do what it asks for outside any transaction, and record how it went."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any

import httpx

from connector.base.clock import Clock
from connector.base.supervise import Supervisor
from connector.domain.media import Media, MediaState
from connector.domain.message import Message
from connector.edge.background.retry import through_outages
from connector.pictures import kinds
from connector.pictures.fetch import Failed, fetch
from connector.pictures.files import PictureFiles
from connector.providers.base import Provider
from connector.providers.values import (
    CallFailed,
    DeliveryReceipt,
    Outcome,
    Outgoing,
    Rejected,
    TryLater,
    Uncertain,
    Unreadable,
)
from connector.services import pictures
from connector.services.conversations.inbound import Inbound
from connector.services.sending.outbox import POLL, SETTLE, Outbox
from connector.services.sending.reply import SEND
from connector.store.ports import Reading, Store, Transaction
from connector.store.values import ChangeKind, Work

Claim = Callable[[Transaction, int, int], Sequence[tuple[Work, Any]]]
Do = Callable[[Work, Any], Coroutine[Any, Any, None]]

_IN_FLIGHT = 32  # of each kind
_FETCHES = 4  # at once: each may hold some 10 MB
_POLL_S = 1.0


class Workers:
    """One loop claims what is due; each claimed piece is a task of its own."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        inbound: Inbound,
        providers: Mapping[str, Provider],
        http: httpx.AsyncClient,
        files: PictureFiles,
        clock: Clock,
        missed: Callable[[str], None],
        tasks: Supervisor,
        node: str,
    ) -> None:
        """`missed` hears of accounts whose provider was away and is back."""
        self._store = store
        self._outbox = outbox
        self._inbound = inbound
        self._providers = providers
        self._http = http
        self._files = files
        self._clock = clock
        self._tasks = tasks
        kinds: dict[str, tuple[Claim, Do]] = {
            SEND: (outbox.begin, self._send),
            SETTLE: (outbox.claim_look_ups, self._look_up),
            POLL: (outbox.claim_polls, self._poll),
            pictures.FETCH: (partial(pictures.claim, node), self._fetch),
        }
        # A core without any account was started without its configuration: what waits is left for one that has it.
        self._kinds = kinds if providers else {}
        self._places = dict.fromkeys(self._kinds, _IN_FLIGHT)
        self._missed = missed
        self._in_trouble: set[str] = set()
        self._fetches = asyncio.Semaphore(_FETCHES)
        self._freed = asyncio.Event()
        self._is_stopping = False
        self._busy = 0  # what is under way

    async def run(self) -> None:
        """Start what is due, and look again when something may be."""
        seen: int | None = None
        while not self._is_stopping:
            now = self._clock.now()
            dues = await through_outages(partial(self._store.read, partial(self._dues, now=now)))
            due = [kind for kind, at in dues.items() if at <= now and self._places[kind]]
            self._busy += 1  # what is claimed has to be started, also by one who is about to stop
            for kind in due:
                await self._claim(kind)
            self._busy -= 1
            if not due:
                seen = await self._wait(dues, now, seen)
        self._freed.set()

    async def drain(self, limit_s: float) -> None:
        """Claim nothing more, and wait for the calls that are out; one that takes too long becomes uncertain."""
        self._is_stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self._busy:
                    self._freed.clear()
                    await self._freed.wait()

    def _dues(self, reading: Reading, now: int) -> dict[str, int]:
        dues = {kind: reading.next_due(kind, now) for kind in self._kinds}
        return {kind: at for kind, at in dues.items() if at is not None}

    async def _claim(self, kind: str) -> None:
        claim, do = self._kinds[kind]
        limit = self._places[kind]
        claimed = await through_outages(lambda: self._store.write(lambda tx: claim(tx, limit, self._clock.now())))
        for work, subject in claimed:
            self._places[kind] -= 1
            self._busy += 1
            self._tasks.start(f"{kind} {work.id}", self._one(kind, do(work, subject)))

    async def _wait(self, dues: dict[str, int], now: int, seen: int | None) -> int:
        """Until work has moved, or until the next retry is due; at the latest a moment later."""
        waiting = [at for kind, at in dues.items() if self._places[kind]]
        pause_s = min([_POLL_S, *(max(0.0, (at - now) / 1000) for at in waiting)])
        return await self._store.wait_for_change(ChangeKind.WORK, pause_s, seen)

    async def _one(self, kind: str, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        finally:
            self._places[kind] += 1
            self._busy -= 1
            self._freed.set()

    async def _write(self, use_case: Callable[[Transaction], None]) -> None:
        await through_outages(lambda: self._store.write(use_case))

    async def _send(self, work: Work, message: Outgoing) -> None:
        outcome: Outcome
        if (provider := self._providers.get(work.account)) is None:
            outcome = Rejected(None, f"not sent: {_absent(work.account)}")
        else:
            outcome = await provider.send(message)
            self._watch(work.account, outcome)
        await self._write(partial(self._outbox.record, work=work, outcome=outcome, now=self._clock.now()))

    def _watch(self, account: str, outcome: Outcome) -> None:
        """A provider that could not be reached, and now can be, may have had something for us meanwhile."""
        if isinstance(outcome, TryLater | Uncertain):
            self._in_trouble.add(account)
        elif account in self._in_trouble:
            self._in_trouble.discard(account)
            self._missed(account)

    async def _look_up(self, work: Work, message: Outgoing) -> None:
        if (provider := self._providers.get(work.account)) is None:
            words = _absent(work.account)
            await self._write(partial(self._outbox.leave_open, work=work, why=words, now=self._clock.now()))
            return
        found = await provider.look_up(message)
        await self._write(partial(self._outbox.settle, work=work, found=found, now=self._clock.now()))

    async def _poll(self, work: Work, ref: str) -> None:
        reports: list[DeliveryReceipt] = []
        if (provider := self._providers.get(work.account)) is not None:
            with contextlib.suppress(CallFailed):
                reports = await provider.poll(ref)
        now = self._clock.now()

        def take(tx: Transaction) -> None:
            self._inbound.take_arrivals(tx, work.account, [*reports], now)
            self._outbox.polled(tx, work, now)

        await self._write(take)

    async def _fetch(self, work: Work, message: Message) -> None:
        waiting = [index for index, media in enumerate(message.media) if media.state is MediaState.WAITING]
        results = await asyncio.gather(*(self._picture(work.account, message.media[index]) for index in waiting))
        fetched = dict(zip(waiting, results, strict=True))
        await self._write(partial(pictures.record, work=work, fetched=fetched, now=self._clock.now()))

    async def _picture(self, account: str, media: Media) -> pictures.StoredPicture | pictures.FetchFailed:
        provider = self._providers.get(account)
        if provider is None:
            return pictures.FetchFailed(f"It cannot be fetched: {_absent(account)}.", is_final=False)
        try:
            call = provider.media_call(media.url)
        except Unreadable as error:
            return pictures.FetchFailed(str(error), is_final=True)
        async with self._fetches:
            got = await fetch(self._http, call)
        if isinstance(got, Failed):
            return pictures.FetchFailed(got.words, got.is_final)
        if (words := kinds.refuse(got.data)) is not None:
            return pictures.FetchFailed(words, is_final=True)
        try:
            digest = await asyncio.to_thread(self._files.keep, got.data)
        except OSError as error:
            return pictures.FetchFailed(f"It could not be written: {error.strerror}.", is_final=False)
        content_type = kinds.sniff(got.data) or "application/octet-stream"
        return pictures.StoredPicture(digest, len(got.data), content_type)


def _absent(account: str) -> str:
    return f"the account {account} is not in this core's configuration"
