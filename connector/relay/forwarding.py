"""Handing on to the core what the gateway has brought, until the core has it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Sequence

import httpx
from msgspec import Struct

from connector.base.clock import Clock
from connector.base.secret import Secret
from connector.providers.generic import signature
from connector.providers.outbound import OutboundClient
from connector.providers.public_url import hook_url
from connector.relay.store import RelayStore, purge
from connector.relay.times import TIMES, RelayTimes

log = logging.getLogger(__name__)

_LANES = 16  # handed on at once
_LOOK_EVERY_S = 1.0
_PURGE_EVERY_MS = 3_600_000
# The core has it, or has stored it for its administrator as unreadable.
_DONE = frozenset({200, 400})


class _Forward(Struct, frozen=True):
    seq: int
    kind: str
    body: bytes
    tries: int


class Forwarder:
    """Rows of one lane go one after another, those of up to 16 lanes at once.

    While the core is away only the oldest row is tried.
    """

    def __init__(
        self,
        store: RelayStore,
        http: OutboundClient,
        clock: Clock,
        *,
        core_url: str,
        account: str,
        secret: Secret,
        times: RelayTimes = TIMES,
    ) -> None:
        self._store = store
        self._http = http
        self._clock = clock
        self._core_url = core_url
        self._account = account
        self._secret = secret.reveal().encode()
        self._times = times
        self._changed = asyncio.Event()
        self._failures = 0  # in a row
        self._purged_at = 0

    def wake(self) -> None:
        """A row was added."""
        self._changed.set()

    async def run(self) -> None:
        while True:
            self._changed.clear()
            try:
                has_more = await self._round()
            except sqlite3.Error as error:
                log.error("the relay's records cannot be used: %s", error)
                has_more, self._failures = False, self._failures + 1
            if self._failures:
                await self._clock.sleep(wait_s(self._failures, self._times))
            elif not has_more:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_EVERY_S):
                        await self._changed.wait()

    async def _round(self) -> bool:
        """Try what is due once. Whether anything was done."""
        now = self._clock.now()
        if not 0 <= now - self._purged_at < _PURGE_EVERY_MS:
            self._purged_at = now
            await self._store.run(lambda db: purge(db, now))
        most = 1 if self._failures else _LANES
        rows = await self._store.run(lambda db: _due(db, now, most, self._times))
        if not rows:
            return False
        answers = await asyncio.gather(*(self._post(row) for row in rows))
        await self._store.run(lambda db: _record(db, rows, answers, self._clock.now(), self._times))
        failed = [answer for answer in answers if answer not in _DONE]
        if not failed:
            if self._failures:
                log.info("the core takes texts and receipts again")
            self._failures = 0
        elif len(failed) == len(answers):
            if not self._failures:
                log.warning("the core does not take texts and receipts (%s); they wait", _words(failed[0]))
            self._failures += 1
        return True

    async def _post(self, row: _Forward) -> int | None:
        """The core's status; None without an answer."""
        url = hook_url(self._core_url, "generic", self._account, row.kind)
        signed = signature.sign(row.body, [self._secret], self._clock.now())
        headers = {"content-type": "application/json", signature.HEADER: signed}
        try:
            answer = await self._http.post(url, content=row.body, headers=headers)
        except httpx.HTTPError:
            return None
        return answer.status_code


def wait_s(tries: int, times: RelayTimes = TIMES) -> float:
    """The wait after so many tries in a row that failed."""
    return min(times.longest_wait_s, times.shortest_wait_s * 2.0 ** min(tries - 1, 16))


def _due(db: sqlite3.Connection, now: int, most: int, times: RelayTimes) -> list[_Forward]:
    """The first rows of as many lanes. A clock that was set back delays none longer than the longest wait."""
    rows = db.execute(
        "SELECT seq, kind, body, tries FROM forwards AS one WHERE done_at IS NULL"
        " AND (next_at <= ? OR next_at > ?)"
        " AND NOT EXISTS (SELECT 1 FROM forwards WHERE lane = one.lane AND seq < one.seq AND done_at IS NULL)"
        " ORDER BY seq LIMIT ?",
        (now, now + times.longest_wait_s * 1000, most),
    )
    return [_Forward(*row) for row in rows]


def _record(
    db: sqlite3.Connection, rows: Sequence[_Forward], answers: Sequence[int | None], now: int, times: RelayTimes
) -> None:
    for row, answer in zip(rows, answers, strict=True):
        if answer in _DONE:
            db.execute(
                "UPDATE forwards SET done_at=?, answer=?, tries=tries+1, body=x'' WHERE seq=?", (now, answer, row.seq)
            )
        else:
            next_at = now + round(1000 * wait_s(row.tries + 1, times))
            db.execute("UPDATE forwards SET answer=?, tries=tries+1, next_at=? WHERE seq=?", (answer, next_at, row.seq))


def _words(answer: int | None) -> str:
    match answer:
        case None:
            return "it cannot be reached"
        case 403:
            return "HTTP 403: its account has another secret, or a clock is off"
        case 404:
            return "HTTP 404: it has no such account"
    return f"HTTP {answer}"
