"""A task for each account, as accounts come, change and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.providers.base import Provider


class EachAccount:
    """Runs `work` for each account, in a task of its own, so that none waits for another.

    When an account's provider was replaced or is gone, its task is cancelled; the new provider gets a new one.
    """

    def __init__(
        self,
        providers: Live[Mapping[str, Provider]],
        work: Callable[[str, Provider], Coroutine[Any, Any, None]],
    ) -> None:
        self._providers = providers
        self._work = work
        self._changed = asyncio.Event()

    def look_again(self) -> None:
        """The providers have changed."""
        self._changed.set()

    async def run(self) -> None:
        running: dict[str, tuple[Provider, asyncio.Task[None]]] = {}
        async with Supervisor() as tasks:
            while True:
                self._changed.clear()
                current = self._providers.current
                for account, (provider, task) in tuple(running.items()):
                    if current.get(account) is not provider:
                        task.cancel()
                        del running[account]
                for account, provider in current.items():
                    if account not in running:
                        running[account] = provider, tasks.start(account, self._work(account, provider))
                await self._changed.wait()
