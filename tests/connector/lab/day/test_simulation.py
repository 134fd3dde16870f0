"""A day is simulated to its end on the real core, and its figures add up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from connector.lab.day import report
from connector.lab.day.measurements import percentile
from connector.lab.day.scenario import load
from connector.lab.day.simulation import DayResult, simulate
from tests.connector.lab.day.days import small

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> DayResult:
    day = load(str(small(tmp_path_factory.mktemp("day"), 250, response_s=120)))
    return asyncio.run(simulate(day, 3, lambda share, time: None))


def add(rows: list[dict[str, Any]], key: str) -> int:
    return sum(row[key] for row in rows)


def test_each_conversation_is_counted_once(played: DayResult) -> None:
    rows, total = report.skills(played), report.summary(played)
    assert [row["skill"] for row in rows] == ["billing", "general", "orders"]
    for key in ("conversations", "answered", "overdue", "given_back", "moved", "transferred", "reopened", "left_open"):
        assert add(rows, key) == total[key], key
    # Some come back into a conversation that goes on, some find it closed and open another.
    assert 200 < total["conversations"] < 300
    assert total["answered"] > 0.9 * total["conversations"]
    assert total["checks"] == 16


def test_measured_overdue_answers_equal_the_cores_alarms(played: DayResult) -> None:
    """Overdue answers are counted twice: from the messages, and from the alarms of the core."""
    total = report.summary(played)
    assert total["overdue"] == total["alarms"] > 0


def test_everything_in_the_scenario_happens(played: DayResult) -> None:
    total = report.summary(played)
    for key in ("given_back", "moved", "transferred", "reopened", "closed_by_itself", "left_open"):
        assert total[key] > 0, key
    whats = {decision.what for decision in played.measurements.decisions}
    assert whats == {"assigned", "rang", "queued"}


def test_an_agents_day_has_all_its_hours(played: DayResult) -> None:
    rows = report.agents(played)
    assert len(rows) == 20
    for row in rows:
        spent = row["online_s"] + row["back_soon_s"] + row["away_s"] + row["offline_s"]
        assert abs(spent - 15 * 3600) <= 2  # each is rounded down
        assert 7 * 3600 < row["online_s"] < 8.5 * 3600 and row["away_s"] > 0
        assert row["highest_load"] <= row["places"] + 0.5
    assert add(rows, "replies") == report.summary(played)["replies"]


@pytest.mark.parametrize("limit", [0, 1, 10, 10_000])
def test_reasons_are_as_different_as_they_can_be(played: DayResult, limit: int) -> None:
    rows = report.decisions(played, limit)
    assert len(rows) == min(limit, len(played.measurements.decisions))
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    if limit == 10:
        assert len({row["reason"] for row in rows}) == 10


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [((), 0.5, None), ((7,), 0.5, 7), ((1, 2, 3, 4), 0.5, 2), (range(1, 101), 0.9, 90), ((3, 1, 2), 1.0, 3)],
)
def test_percentiles_are_values_that_occur(values: tuple[int, ...], share: float, expected: int | None) -> None:
    assert percentile(values, share) == expected
