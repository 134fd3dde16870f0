"""The desks that are connected to this core, each with a presence lease that the core renews."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from connector.base.clock import Clock
from connector.domain.agent import Desk
from connector.services.agents.admission import Principal
from connector.services.routing.desks import LEASE_S


class ConnectedDesks:
    """`changed` is set when a desk comes or goes."""

    def __init__(self, clock: Clock, node: str) -> None:
        self.changed = asyncio.Event()
        self._clock = clock
        self._node = node
        self._desks: dict[str, Desk] = {}

    def __len__(self) -> int:
        return len(self._desks)

    def add(self, desk_id: str, person: Principal, *, is_silent: bool = False) -> Desk:
        desk = self._desks[desk_id] = Desk(
            desk_id,
            person.agent,
            self._node,
            self._lease_until(),
            self._clock.now(),
            person.way,
            person.source,
            is_silent,
        )
        self.changed.set()
        return desk

    def set_silent(self, desk_id: str, is_silent: bool) -> Desk | None:
        """The desk whose line has become silent, or has come back; None where nothing has changed."""
        desk = self._desks.get(desk_id)
        if desk is None or desk.is_silent is is_silent:
            return None
        desk = self._desks[desk_id] = replace(desk, is_silent=is_silent, lease_until=self._lease_until())
        return desk

    def remove(self, desk_id: str) -> bool:
        """Whether it was there."""
        if self._desks.pop(desk_id, None) is None:
            return False
        self.changed.set()
        return True

    def renewed(self) -> list[Desk]:
        """All of them, with a lease that begins at this moment."""
        until = self._lease_until()
        # A copy: called in the writer thread, while desks come and go.
        return [replace(desk, lease_until=until) for desk in tuple(self._desks.values())]

    def _lease_until(self) -> int:
        return self._clock.now() + LEASE_S * 1000
