"""The watch of what calls for those who are on call. Every core on a database has one; one of them does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from connector.base.clock import Clock
from connector.base.live import Live
from connector.edge.background.retry import until_available
from connector.services.on_call import watch
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Reading, Store

_LOOK_EVERY_S = 2.0


async def watch_alerts(
    store: Store, brand: Live[BrandSettings], down: Callable[[], Mapping[str, int]], clock: Clock
) -> None:
    """Raise alerts, ask who is next, and end what is over. `down`: accounts that this core sees down, and since when.

    Most looks change nothing, and only read.
    """
    while True:
        now, accounts = clock.now(), down()

        def is_due(reading: Reading, now: int = now, accounts: Mapping[str, int] = accounts) -> bool:
            return watch.has_changed(reading, brand.current, now, accounts)

        if await until_available(partial(store.read, is_due)):
            await until_available(partial(store.write, in_unit_of_work(brand, now, watch.look, accounts)))
        await clock.sleep(_LOOK_EVERY_S)
