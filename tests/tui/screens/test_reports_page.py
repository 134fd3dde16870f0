"""The page of reports by its keys, on a core over a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from connector.wire import requests
from connector.wire.refusals import RefusalCode
from connector.wire.views import ReportRowView
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore, asked

DAY_MS = 86_400_000
BEN = ReportRowView("ben", "Ben", answers=80, median_s=50, p90_s=410, late=7, replies=120, delivered=110, failed=6)
NOBODY = ReportRowView("", "no agent", texts=2_664, opened=90)
TOTAL = replace(BEN, key="", name="all", cost={"USD": "14.504"})


@pytest.fixture
def running(core: FakeCore) -> FakeCore:
    core.report = {
        "agent": [BEN, NOBODY],
        "skill": [replace(BEN, key="orders", name="orders")],
        "day": [replace(BEN, key="1", name="2026-11-30")],
        "hour": [replace(BEN, key=f"{hour:02}", name=f"{hour:02}:00") for hour in range(24)],
        "total": [TOTAL],
    }
    return core


def spans(core: FakeCore) -> list[tuple[str, int]]:
    """What was asked for: by what, and of how many days."""
    return [(body.by, (core.now() - body.since) // DAY_MS + 1) for body in asked(core, requests.GetReport)]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_key_shows_it_and_spans_and_dimensions_are_turned(
    running: FakeCore, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with desk_on(running, tmp_path, size=size) as desk:
        await desk.press("%")
        await desk.shows("▸today", "half within 50s", "91%, 7 late", "120", "95%, 6 failed", "Ben", "cost 14.50 USD")
        assert spans(running) == [("hour", 1), ("agent", 1)]
        await desk.press("w")
        await desk.shows("▸7 days", "Ben")
        await desk.press("m", "right")
        await desk.shows("▸30 days", "▸skill", "orders")
        await desk.press("left", "left")
        await desk.shows("▸day", "2026-11-30")
        assert spans(running)[2:] == [("day", 7), ("agent", 7), ("day", 30), ("agent", 30), ("skill", 30)]
        await desk.press("escape")
        await desk.hides("▸day")


async def test_a_row_is_looked_at_alone_and_escape_goes_back_to_all(running: FakeCore, tmp_path: Path) -> None:
    async with desk_on(running, tmp_path) as desk:
        await desk.press("%")
        await desk.shows("Ben", "no agent")
        await desk.press("enter")
        await desk.shows("only agent Ben")
        await desk.hides("no agent")
        assert asked(running, requests.GetReport)[-1].only == {"agent": "ben"}
        await desk.press("escape")
        await desk.shows("Ben", "no agent")
        await desk.press("down", "enter")
        await desk.shows("cannot be looked at alone")


async def test_it_asks_anew_while_it_is_open(
    running: FakeCore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.reports_page._FRESH_S", 0.05)
    async with desk_on(running, tmp_path) as desk:
        await desk.press("%")
        await desk.shows("91%, 7 late")
        running.report["total"] = [replace(TOTAL, late=40)]
        await desk.shows("50%, 40 late")


async def test_a_refusal_is_said_on_the_page(running: FakeCore, tmp_path: Path) -> None:
    running.refuse[requests.GetReport] = (RefusalCode.NOT_ALLOWED, "That is not for you.")
    async with desk_on(running, tmp_path) as desk:
        await desk.press("%")
        await desk.shows("That is not for you.")
