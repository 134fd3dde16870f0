"""Keeps the core's clock right: compares it with the database server's or the machine's, and adopts steps that last."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from connector.base.clock import DisciplinedClock
from connector.base.live import Live
from connector.edge.background.retry import until_available
from connector.services import stored_moments
from connector.services.durations import in_words
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Store, StoreUnavailable, Transaction

log = logging.getLogger(__name__)

ServerTime = Callable[[], Awaitable[int | None]]

_LOOK_EVERY_S = 5.0
_OFF_MS = 5_000  # how far a machine's clock may be from the database server's before it is a problem
_LONGEST_ANSWER_MS = 2_000  # a time that took longer to come says too little


class ClockWatch:
    """Cores that share a database go by its server's clock, so that leases and pauses mean the same to all of them."""

    def __init__(
        self, clock: DisciplinedClock, store: Store, brand: Live[BrandSettings], server_time: ServerTime | None
    ) -> None:
        """`server_time`: the database server's time, or None from one that has no clock of its own."""
        self.clock = clock
        self._store = store
        self._brand = brand
        self._server_time = server_time
        self._off_ms = 0  # how far the machine's clock is ahead of the server's

    def problem(self) -> str | None:
        """What is wrong with the clock, in words; None while nothing is."""
        if self.clock.step:
            whose = "the machine's" if self._server_time is None else "the database server's"
            words = f"{whose} clock was set {_forward(self.clock.step)} by {_span(self.clock.step)}"
            return f"{words}: the core goes on as before until that has lasted for {self.clock.HOLD_S // 60} minutes"
        if abs(self._off_ms) >= _OFF_MS:
            ahead = "ahead of" if self._off_ms > 0 else "behind"
            span = _span(self._off_ms)
            return f"this machine's clock is {span} {ahead} the database server's, which all cores go by: set it right"
        return None

    async def begin(self) -> None:
        """Adopt the time of the database server, if it has one, and bring back what is stored too far ahead."""
        if (reference := await self._reference()) is not None:
            self.clock.adopt(reference - self.clock.now())
        await self._store.write(in_unit_of_work(self._brand, self.clock.now(), stored_moments.bring_back))

    async def run(self) -> None:
        while True:
            await self.clock.sleep(_LOOK_EVERY_S)
            with contextlib.suppress(StoreUnavailable):
                await self._look()

    async def _look(self) -> None:
        reference, held = await self._reference(), self.clock.step
        if reference is None:
            return
        step = self.clock.compare(reference)
        if self.clock.step and not held:
            log.warning("%s", self.problem())
        if step:
            await self._adopt(step)

    async def _adopt(self, step: int) -> None:
        log.warning("the core's clock is set %s by %s", _forward(step), _span(step))
        before = self.clock.now()
        is_adopted = False

        def adopt(tx: Transaction) -> None:
            # In the writer's turn, so that no lease is renewed by the earlier time once all have been extended.
            nonlocal is_adopted
            if not is_adopted:
                self.clock.adopt(step)
            is_adopted = True
            in_unit_of_work(self._brand, self.clock.now(), stored_moments.after_step, before)(tx)

        await until_available(partial(self._store.write, adopt))

    async def _reference(self) -> int | None:
        """The time to go by; None when it cannot be said now."""
        if self._server_time is None:
            return self.clock.machine_now()
        asked_at = self.clock.steady()
        theirs = await self._server_time()
        passed = self.clock.steady() - asked_at
        if theirs is None:
            self._server_time = None
            return self.clock.machine_now()
        if passed > _LONGEST_ANSWER_MS:
            return None
        now = theirs + passed // 2
        self._off_ms = self.clock.machine_now() - now
        return now


def _span(ms: int) -> str:
    return in_words(round(abs(ms), -3))


def _forward(step: int) -> str:
    return "forward" if step > 0 else "back"
