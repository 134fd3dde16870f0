"""A one-shot timer calls, also where the process was stopped just after it was set."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from textual.app import App

from tui.core.timers import once


async def test_a_timer_that_is_late_from_the_start_calls_once(monkeypatch: pytest.MonkeyPatch) -> None:
    called = asyncio.Event()
    app = App[None]()
    async with app.run_test():
        # A second goes by between any two looks at the clock.
        monkeypatch.setattr("textual._time.get_time", itertools.count(1.0).__next__)
        once(app, 0.01, called.set)
        async with asyncio.timeout(60):
            await called.wait()
