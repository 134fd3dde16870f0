"""Renewing leases, sweeping up after the dead, timers, and dropping what is kept for a while only."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from msgspec.structs import replace

from connector.base.clock import Clock
from connector.edge.background.retry import through_outages
from connector.edge.desks.socket import DeskSocket
from connector.pictures.files import PictureFiles
from connector.services import pictures
from connector.services.conversations import timers
from connector.services.routing import presence
from connector.services.settings import BrandSettings
from connector.store.ports import Store, Transaction

_RENEW_EVERY_S = presence.LEASE_S / 3
_PURGE_EVERY_S = 3600
_LOOK_EVERY_S = 0.5
_TIMERS = 50  # conversations in one transaction
_DAY_MS = 24 * 3_600_000
_HOOKS_KEPT_MS = 14 * _DAY_MS
_FACTS_KEPT_MS = 3 * _DAY_MS
_REQUESTS_KEPT_MS = 14 * _DAY_MS
_SWEEP_EVERY_S = 24 * 3600
_SETTLED_MS = _DAY_MS  # much longer than it takes from a picture's file to the commit that refers to it

_log = logging.getLogger(__name__)


async def keep_leases(store: Store, brand: BrandSettings, desks: DeskSocket, clock: Clock) -> None:
    """Renew the leases of this core's desks, and sweep those of cores that died."""
    while True:

        def keep(tx: Transaction) -> None:
            until = desks.lease_until()
            held = [replace(desk, lease_until=until) for desk in tuple(desks.desks.values())]
            presence.renew(tx, brand, held, clock.now())
            presence.sweep(tx, brand, clock.now())

        await through_outages(partial(store.write, keep))
        await clock.sleep(_RENEW_EVERY_S)


async def run_timers(store: Store, brand: BrandSettings, clock: Clock) -> None:
    """Do what happens to conversations by itself, at its moment. Any core on the database does it; the first to look
    is the one."""
    while True:
        now = clock.now()
        at = await through_outages(partial(store.read, lambda reading: reading.next_timer()))
        if at is not None and at <= now:
            await through_outages(partial(store.write, partial(timers.run, brand=brand, now=now, limit=_TIMERS)))
        else:
            # One that is set meanwhile may be earlier: look again soon.
            await clock.sleep(_LOOK_EVERY_S if at is None else min(_LOOK_EVERY_S, (at - now) / 1000))


async def purge(store: Store, clock: Clock) -> None:
    """Drop old raw hooks, told facts, remembered requests and expired uploads."""
    while True:
        now = clock.now()

        def drop(tx: Transaction, now: int = now) -> None:
            tx.purge(now - _HOOKS_KEPT_MS, now - _FACTS_KEPT_MS, now - _REQUESTS_KEPT_MS, now)

        await through_outages(partial(store.write, drop))
        await clock.sleep(_PURGE_EVERY_S)


async def _sweep(store: Store, files: PictureFiles, now: int) -> None:
    kept = await asyncio.to_thread(files.kept_before, now - _SETTLED_MS)
    read = partial(store.read, partial(pictures.left_over, kept=kept, now=now))
    for digest in await through_outages(read) if kept else []:
        await asyncio.to_thread(files.drop, digest, now - _SETTLED_MS)


async def sweep_pictures(store: Store, files: PictureFiles, clock: Clock) -> None:
    """Remove the files of pictures that nothing refers to any more."""
    while True:
        now = clock.now()
        try:
            if await asyncio.to_thread(files.are_of, store.name):
                await _sweep(store, files, now)
        except OSError as error:
            _log.error("pictures that nobody needs could not be removed: %s", error)
        await clock.sleep(_SWEEP_EVERY_S)
