"""Periodic tasks: renewing leases, running timers, and deleting what has outlived its retention."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from connector.base.clock import Clock
from connector.base.live import Live
from connector.domain.agent import Desk
from connector.edge.background.retry import until_available
from connector.pictures.files import PictureFiles
from connector.services import pictures
from connector.services.contacts import imports
from connector.services.conversations import timers
from connector.services.erasure import retention
from connector.services.routing import absence
from connector.services.routing.desks import LEASE_S
from connector.services.search import indexing
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Store, Transaction
from connector.store.search import IndexDamaged
from connector.store.values import ChangeKind, Cutoffs

_RENEW_EVERY_S = LEASE_S / 3
_PURGE_EVERY_S = 3600
_PURGED_AT_ONCE = 1000  # rows of each kind: some ten milliseconds of the writer
_PURGE_PAUSE_S = 0.1
_FOLLOW_PAUSE_S = 0.02  # as long as a step takes, so that others have the writer half of the time
_LOOK_EVERY_S = 0.5
_TIMERS = 50  # conversations in one transaction
_DAY_MS = 24 * 3_600_000
_HOOK_RETENTION_MS = 14 * _DAY_MS
_GENUINE_HOOK_RETENTION_MS = 60 * _DAY_MS  # in quarantine: consumers' texts that have reached no agent
_FACT_RETENTION_MS = 3 * _DAY_MS
_REQUEST_RETENTION_MS = 14 * _DAY_MS
_MINUTE_RETENTION_MS = 2 * _DAY_MS  # of counters
_HOUR_RETENTION_MS = 400 * _DAY_MS
_ALERT_RETENTION_MS = 90 * _DAY_MS
_TALLY_HOUR_RETENTION_MS = 35 * _DAY_MS
_TALLY_DAY_RETENTION_MS = 800 * _DAY_MS  # a year can be compared with the one before
_SWEEP_EVERY_S = 24 * 3600
_SETTLED_MS = _DAY_MS  # much longer than it takes from a picture's file to the commit that refers to it

log = logging.getLogger(__name__)


async def renew_leases(
    store: Store, brand: Live[BrandSettings], renewed: Callable[[], list[Desk]], clock: Clock
) -> None:
    """Renew the leases of this core's desks, and end those that another core did not renew.

    `renewed`: the desks with their new leases; it is called in the writer thread.
    """
    while True:

        def renew(tx: Transaction) -> None:
            in_unit_of_work(brand, clock.now(), absence.maintain, renewed())(tx)

        await until_available(partial(store.write, renew))
        await clock.sleep(_RENEW_EVERY_S)


async def run_timers(store: Store, brand: Live[BrandSettings], clock: Clock) -> None:
    """Run the timers of conversations when they are due. Every core on the database tries; one of them does it."""
    while True:
        now = clock.now()
        at = await until_available(partial(store.read, lambda reading: reading.next_timer()))
        if at is not None and at <= now:
            await until_available(partial(store.write, in_unit_of_work(brand, now, timers.run, _TIMERS)))
        else:
            # A timer set meanwhile may be earlier: look again soon.
            await clock.sleep(_LOOK_EVERY_S if at is None else min(_LOOK_EVERY_S, (at - now) / 1000))


async def purge(store: Store, brand: Live[BrandSettings], clock: Clock) -> None:
    """Delete old raw hooks, facts, answers to requests and counters, expired uploads, and what retention says: a few at
    a time, so that hooks and desks need not wait for long."""
    while True:
        now = clock.now()
        cutoffs = Cutoffs(
            hooks_before=now - _HOOK_RETENTION_MS,
            genuine_hooks_before=now - _GENUINE_HOOK_RETENTION_MS,
            facts_before=now - _FACT_RETENTION_MS,
            facts_after=now + _FACT_RETENTION_MS,
            requests_before=now - _REQUEST_RETENTION_MS,
            uploads_until=now,
            alerts_before=now - _ALERT_RETENTION_MS,
            minutes_before=now - _MINUTE_RETENTION_MS,
            hours_before=now - _HOUR_RETENTION_MS,
            tally_hours_before=now - _TALLY_HOUR_RETENTION_MS,
            tally_days_before=now - _TALLY_DAY_RETENTION_MS,
        )

        def delete(tx: Transaction, cutoffs: Cutoffs = cutoffs) -> bool:
            return tx.purge(cutoffs, _PURGED_AT_ONCE)

        is_more_left = await until_available(partial(store.write, delete))
        for expire in (retention.expire, imports.expire):
            step = in_unit_of_work(brand, now, expire)
            try:
                is_more_left |= await until_available(partial(store.write, step))
            except IndexDamaged:  # nothing can be taken out of it
                await until_available(partial(store.write, in_unit_of_work(brand, now, indexing.give_up)))
                is_more_left = True
        await clock.sleep(_PURGE_PAUSE_S if is_more_left else _PURGE_EVERY_S)


async def follow_imports(store: Store, brand: Live[BrandSettings], clock: Clock) -> None:
    """Have the conversations of imported contacts follow, a few persons at a time, beside all other work; also those of
    an import after which a core was killed."""
    seen = await store.wait_for_change(ChangeKind.IMPORTS, 0)
    while True:
        step = in_unit_of_work(brand, clock.now(), imports.follow)
        if await until_available(partial(store.write, step)):
            await clock.sleep(_FOLLOW_PAUSE_S)
        else:
            seen = await store.wait_for_change(ChangeKind.IMPORTS, _PURGE_EVERY_S, seen)


async def sweep_pictures(store: Store, files: PictureFiles, clock: Clock) -> None:
    """Delete picture files that no message refers to any more."""
    while True:
        now = clock.now()
        try:
            if await asyncio.to_thread(files.belong_to, store.name):
                await _sweep(store, files, now)
        except OSError as error:
            log.error("unused pictures could not be deleted: %s", error)
        await clock.sleep(_SWEEP_EVERY_S)


async def _sweep(store: Store, files: PictureFiles, now: int) -> None:
    stored = await asyncio.to_thread(files.saved_before, now - _SETTLED_MS)
    read = partial(store.read, partial(pictures.unused, digests=stored, now=now))
    for digest in await until_available(read) if stored else []:
        await asyncio.to_thread(files.delete, digest, now - _SETTLED_MS)
