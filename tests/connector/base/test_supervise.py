from __future__ import annotations

import asyncio

import pytest

from connector.base.supervise import Supervisor


async def test_one_failure_stops_the_others_and_is_raised() -> None:
    stopped = asyncio.Event()

    async def patient() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def clumsy() -> None:
        raise ValueError("dropped it")

    with pytest.raises(ExceptionGroup, match="unhandled") as group:
        async with Supervisor() as tasks:
            tasks.start("patient", patient())
            tasks.start("clumsy", clumsy())
    assert stopped.is_set()
    assert group.group_contains(ValueError, match="dropped it")


async def test_stop_ends_all_without_an_error() -> None:
    async with Supervisor() as tasks:
        first = tasks.start("waits", asyncio.Event().wait())  # type: ignore[arg-type]
        tasks.stop()
    assert first.cancelled()


async def test_a_failing_body_stops_the_tasks() -> None:
    with pytest.raises(ExceptionGroup):
        async with Supervisor() as tasks:
            waiting = tasks.start("waits", asyncio.Event().wait())  # type: ignore[arg-type]
            raise RuntimeError("body")
    assert waiting.cancelled()
