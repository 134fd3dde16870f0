"""Background tasks in one group: when one fails, all are cancelled and the failure is raised."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any


class Supervisor:
    """Owner of background tasks; nothing else may start one.

    A task may end. One that raises cancels the others and the body of the `async with`, which then raises an
    ExceptionGroup. `stop()` cancels every task, and the block ends normally once they have ended.
    """

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Supervisor:
        await self._group.__aenter__()
        return self

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` under `name` until it ends, fails or the group stops."""
        task = self._group.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def stop(self) -> None:
        """Ask every task to end."""
        for task in tuple(self._tasks):
            task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.stop()
        await self._group.__aexit__(kind, error, trace)
