"""Renewing leases, sweeping up after the dead, and dropping what is kept for a while only."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from connector.clock import Clock
from connector.edge.desk_socket import DeskSocket
from connector.edge.outages import through_outages
from connector.services import presence
from connector.store.base import Store, Transaction

_RENEW_EVERY_S = presence.LEASE_S / 3
_PURGE_EVERY_S = 3600
_DAY_MS = 24 * 3_600_000
_HOOKS_KEPT_MS = 14 * _DAY_MS
_FACTS_KEPT_MS = 3 * _DAY_MS
_REQUESTS_KEPT_MS = 14 * _DAY_MS


async def keep_leases(store: Store, desks: DeskSocket, clock: Clock) -> None:
    """Renew the leases of this core's desks, and sweep those of cores that died."""
    while True:

        def keep(tx: Transaction) -> None:
            until = desks.lease_until()
            held = [replace(desk, lease_until=until) for desk in tuple(desks.desks.values())]
            presence.renew(tx, held, clock.now())
            presence.sweep(tx, clock.now())

        await through_outages(partial(store.write, keep))
        await clock.sleep(_RENEW_EVERY_S)


async def purge(store: Store, clock: Clock) -> None:
    """Drop old raw hooks, told facts and remembered requests."""
    while True:
        now = clock.now()

        def drop(tx: Transaction, now: int = now) -> None:
            tx.purge(now - _HOOKS_KEPT_MS, now - _FACTS_KEPT_MS, now - _REQUESTS_KEPT_MS)

        await through_outages(partial(store.write, drop))
        await clock.sleep(_PURGE_EVERY_S)
